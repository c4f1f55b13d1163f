import pytest
from pathlib import Path
CSS=Path("static/css/site.css").read_text()
from . import test_keyboard as k, test_narrow as n, test_print as pr, test_accessibility as a, test_preferences as f
from tests.conftest import BASE
def broken(patient, extra):
    patient.context.route("**/static/css/site.css", lambda r: r.fulfill(body=CSS+extra, content_type="text/css"))
def test_ring(patient):
    broken(patient, "*:focus-visible,*:focus-visible::before,*:focus-visible + label::before{outline:0 !important}")
    with pytest.raises(AssertionError) as e: k.test_keyboard_alone_leads_from_the_home_page_to_the_summary(patient)
    print(str(e.value)[:200])
def test_ring_radio(patient):
    broken(patient, ".choice input:focus-visible + label::before{outline:0 !important}")
    with pytest.raises(AssertionError) as e: k.test_keyboard_alone_leads_from_the_home_page_to_the_summary(patient)
    print(str(e.value)[:200])
def test_narrow_fails(patient):
    broken(patient, ".wrap{min-width:400px}")
    with pytest.raises(AssertionError) as e: n.test_nothing_scrolls_sideways(patient, "/")
    print(str(e.value)[:200])
def test_print_fails(patient):
    broken(patient, "@media print{.help-line{display:block !important}}")
    with pytest.raises(AssertionError) as e: pr.test_nothing_that_only_a_screen_needs_is_on_paper(patient)
    print(str(e.value)[:200])
def test_print_lines(patient, version_1):
    broken(patient, "@media print{.summary-why{display:none}}")
    with pytest.raises(AssertionError) as e: pr.test_every_line_of_the_summary_is_on_paper(patient, version_1, BASE)
    print(str(e.value)[:200])
def test_dark(patient):
    broken(patient, "@media (prefers-color-scheme:dark){p{color:#333 !important}}")
    with pytest.raises(AssertionError) as e: a.test_screening_has_no_barrier(patient,"check")
    print(str(e.value)[:300])
def test_target(patient):
    broken(patient, ".choices{gap:0!important}.choice{height:10px!important}.choice input{inline-size:8px!important;block-size:8px!important}.choice label{min-block-size:0;padding:0!important;line-height:8px!important;font-size:8px}")
    with pytest.raises(AssertionError) as e: a.test_screening_has_no_barrier(patient,"question with one answer")
    print(str(e.value)[:300])
def test_motion(new_patient):
    class N:
        pass
    def mk(**o):
        p=new_patient(**o); broken(p,"a{transition:color .2s}"); return p
    with pytest.raises(AssertionError) as e: f.test_reduced_motion_moves_nothing(mk)
    print(str(e.value)[:200])
def test_forced(new_patient):
    def mk(**o):
        p=new_patient(**o); broken(p,"@media (forced-colors:active){.choice label::before{border:2px solid ButtonText !important}}"); return p
    with pytest.raises(AssertionError) as e: f.test_forced_colors_show_choice_and_focus_apart(mk)
    print(str(e.value)[:200])
def test_darkbg(new_patient):
    def mk(**o):
        p=new_patient(**o); broken(p,"body{background:#fff}"); return p
    with pytest.raises(AssertionError) as e: f.test_dark_is_dark(mk)
