import time, os, psutil
import pytest
from tests.conftest import BASE
def cpu():
    me=psutil.Process(); t=me.cpu_times(); s=t.user+t.system
    parts={}
    for c in me.children(recursive=True):
        try:
            ct=c.cpu_times(); parts[c.pid]=ct.user+ct.system
        except psutil.Error: pass
    return s, parts
def kinds():
    out={}
    for c in psutil.Process().children(recursive=True):
        try:
            cl=c.cmdline(); k=next((x for x in cl if x.startswith("--type=")), cl[0][-12:] if cl else "?"); k+=next((x[16:40] for x in cl if x.startswith("--utility-sub-type")), "")
            ct=c.cpu_times(); out[k]=out.get(k,0)+ct.user+ct.system
        except psutil.Error: pass
    return out
def diff(a,b):
    return round(b[0]-a[0],2), round(sum(v-a[1].get(k,0) for k,v in b[1].items()),2)
@pytest.mark.parametrize("variant", ["click","reduced","small","both","nocss"])
def test_probe(new_patient, site, variant, browser, version_1):
    o={}
    if variant in("reduced","both","nocss"): o["reduced_motion"]="reduce"
    if variant in("small","both","nocss"): o["viewport"]={"width":400,"height":400}
    p = new_patient(java_script_enabled=False,**o)
    if variant=="nocss": p.context.route("**/static/**", lambda r: r.abort())
    if variant=="pressblock":
        p.context.route("**/static/**", lambda r: r.abort())
    if variant=="pressunwatched":
        from .patient import Patient
        ctx=browser.new_context(base_url=site,java_script_enabled=False); p=Patient(ctx,version_1)
    p.starts()
    k0=kinds(); a=cpu(); t=time.time(); n=0
    while p.asked:
        codes=BASE[p.asked]; codes=[codes] if isinstance(codes,str) else codes
        for c in codes:
            if variant: p.option(c).press("Space")
            elif variant=="force": p.option(c).check(force=True)
            else: p.option(c).press("Space")
        b=p.page.get_by_role("button", name="Continue", exact=True)
        with p.page.expect_navigation(wait_until="domcontentloaded"):
            if variant: b.press("Enter")
            elif variant=="force": b.click(force=True)
            else: b.press("Enter")
        n+=1
    k1=kinds(); print('wall',{k:round(v-k0.get(k,0),2) for k,v in k1.items()})
    print(variant, n, "wall per q", round((time.time()-t)/n,3), "cpu py,chrome", diff(a,cpu()), p.path)
