"""The rules of the house that a machine can check."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("pumpguide", "screening", "content")
SOURCES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

LAYERS = ("engine", "models", "access", "actions", "forms", "views", "urls")
"""screening's modules import only from layers to their left, or their own."""


def tracked():
    """The files of the repository, by git; those on disk where there is no git (an unpacked archive)."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return listed.stdout.splitlines() or [str(path.relative_to(ROOT)) for path in ROOT.glob("*")]


def imports(path):
    """Absolute names of the modules a file imports."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join((*base, *filter(None, [node.module])))
            yield from (f"{module}.{name.name}" for name in node.names)


def test_the_top_level_is_as_designed():
    allowed = {"manage.py", "pumpguide", "screening", "content", "templates", "static", "tests", "pyproject.toml"}
    tops = {name.split("/")[0] for name in tracked()}
    extra = {name for name in tops - allowed - {"README.md"} if not name.startswith(".")}
    local = {"var", "pumpguide.egg-info", "build"}  # seen only where there is no git
    assert extra - local == set()


@pytest.mark.parametrize("path", sorted((ROOT / "screening" / "engine").glob("*.py")), ids=lambda path: path.name)
def test_the_engine_imports_only_the_standard_library_and_itself(path):
    for name in imports(path):
        top = name.split(".")[0]
        solver = top == "z3" and path.name == "solver.py"  # the one file that may
        assert top in sys.stdlib_module_names or name.startswith("screening.engine") or solver, name


def test_content_never_imports_screening():
    for path in (ROOT / "content").rglob("*.py"):
        assert not [name for name in imports(path) if name.split(".")[0] == "screening"], path


def test_screening_imports_point_one_way():
    for path in (ROOT / "screening").rglob("*.py"):
        here = layer(path.relative_to(ROOT / "screening").with_suffix("").parts)
        if here is None:
            continue
        for name in imports(path):
            if name.startswith("screening."):
                there = layer(tuple(name.split(".")[1:]))
                assert there is None or LAYERS.index(there) <= LAYERS.index(here), f"{path} imports {name}"


def layer(parts):
    return parts[0] if parts and parts[0] in LAYERS else None


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy", "--strict", "screening/engine"],
        ["djlint", "--lint", "--quiet", "templates"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_the_code_is_clean(command):
    tool = Path(sys.executable).parent / command[0]
    done = subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_templates_have_no_inline_script_style_or_handler(path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text)
    # a JSON-LD block is data: browsers do not run it, and the content security policy does not count it as script
    assert not re.search(r"<script(?![^>]*(\bsrc=|type=\"application/ld\+json\"))", text)


def test_nothing_names_another_host():
    """No third-party request can come from a template, a style sheet or a script."""
    for path in [*TEMPLATES, *(ROOT / "templates").rglob("*.svg"), *(ROOT / "static").rglob("*.*")]:
        if path.suffix in (".html", ".svg", ".css", ".js"):
            hosts = set(re.findall(r"https?://([^/\"'\s)]+)", path.read_text()))
            assert hosts <= {"www.w3.org", "schema.org"}, path


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_say_what_lives_there(path):
    tree = ast.parse(path.read_text())
    assert not tree.body or ast.get_docstring(tree), "begin the module with one or two sentences"


def test_files_stay_small():
    long = {path.name: count for path in SOURCES if (count := len(path.read_text().splitlines())) > 350}
    assert long == {}


def test_every_dependency_says_why_it_is_there():
    listed = re.findall(r'^    ("[a-z][^"]*",)(.*)$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert listed
    for name, comment in listed:
        if re.match(r'"[a-z0-9_.\[\]-]+[><=~]|"setuptools"', name):
            assert comment.strip().startswith("# "), name


def test_no_setting_is_debug():
    assert settings.DEBUG is False
