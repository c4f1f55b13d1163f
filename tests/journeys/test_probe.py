from .test_print import *
def test_pdf(patient, version_1):
    for name, a in (("base",BASE),("many",MANY_FLAGS)):
        patient.has_answered(a); patient.visits("/screening/summary/")
        open(f"/tmp/{name}.pdf","wb").write(patient.page.pdf(format="Letter", prefer_css_page_size=True))
        print(name, printed(patient,a)[0])
def test_watch(new_patient, site):
    import tests.journeys.watcher as w
    from .watcher import Watcher
    p=new_patient(); wt=Watcher(site); wt.watch(p.context)
    p.visits("/")
    p.page.evaluate("()=>{const s=document.createElement('style');s.textContent='p{color:red}';document.head.append(s)}")
    p.page.evaluate("()=>{const s=document.createElement('img');s.src='http://example.invalid/x.png';document.head.append(s)}")
    p.page.evaluate("()=>{const s=document.createElement('img');s.src='/static/nope.png';document.body.append(s)}")
    p.page.evaluate("()=>{setTimeout(()=>{throw new Error('boom')})}")
    p.page.wait_for_timeout(500)
    print(wt.seen)
