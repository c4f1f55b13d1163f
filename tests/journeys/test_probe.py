import time, psutil, shutil
import pytest
from tests.conftest import BASE
from .patient import Patient
from .conftest import ARGS
def kinds():
    out={}; n=set()
    for c in psutil.Process().children(recursive=True):
        try:
            cl=c.cmdline(); k=next((x for x in cl if x.startswith("--type=")), cl[0][-8:] if cl else "?")
            ct=c.cpu_times(); out[k]=out.get(k,0)+ct.user+ct.system; n.add(c.pid)
        except psutil.Error: pass
    return out,n
V={"now":[],"limit":["--renderer-process-limit=1","--process-per-site"],
"iso":["--disable-site-isolation-trials","--process-per-site","--disable-features=SpareRendererForSitePerProcess,IsolateOrigins,site-per-process,RenderDocument,Translate,OptimizationHints,MediaRouter,TabHoverCardImages,GlanceableUI"],
"single":["--in-process-gpu","--process-per-site","--disable-extensions","--disable-component-extensions-with-background-pages","--disable-features=WebUIReloadButton,InitialWebUI,TopChromeWebUI"],
}
@pytest.mark.parametrize("v", V)
def test_probe(site, browser, version_1, v):
    b=browser.browser_type.launch(executable_path=shutil.which("chromium"), args=ARGS+V[v])
    ctx=b.new_context(base_url=site, java_script_enabled=False)
    p=Patient(ctx,site,version_1); p.starts()
    k0,n0=kinds(); t=time.time()
    p.answers(BASE)
    k1,n1=kinds()
    d={k:round(x-k0.get(k,0),2) for k,x in k1.items() if x-k0.get(k,0)>.1}
    print("RES", v, round(time.time()-t,1), round(sum(d.values()),2), d, len(n0), len(n1), len(n1-n0))
    b.close()
