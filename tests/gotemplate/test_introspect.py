"""What a template uses, read off its tree."""

from __future__ import annotations

import pytest

from gotemplate import Template, sprig
from gotemplate.introspect import facts, shown_path

FIELDS = [
    ("{{.a}}{{.b.c}}{{.b}}", [".a", ".b.c"]),
    ("{{$.a}}{{$x := .b}}{{$x.c}}{{with $x}}{{.d}}{{end}}", [".a", ".b.c", ".b.d"]),
    ("{{range .l}}{{.a}}{{$.b}}{{else}}{{.c}}{{end}}", [".b", ".c", ".l[].a"]),
    ("{{range $k, $v := .m}}{{$k.no}}{{$v.a}}{{.b}}{{end}}", [".m[].a", ".m[].b"]),
    ("{{with .a}}{{.b}}{{else}}{{.c}}{{end}}{{with $v := .d}}{{$v.e}}{{end}}", [".a.b", ".c", ".d.e"]),
    ('{{index .m "k.x" "y"}}{{index .l 0}}{{(index .m "z").q}}', [".l[]", '.m["k.x"].y', ".m.z.q"]),
    ("{{(.a).b}}{{(printf .c).d}}{{.e | len}}", [".a.b", ".c", ".e"]),
    ("{{if and .a (eq .b 1)}}{{end}}", [".a", ".b"]),
    ('{{template "u" .a}}{{define "u"}}{{.b}}{{$.c}}{{end}}', [".a.b", ".a.c"]),
    ('{{template "u" .}}{{template "u" .n}}{{define "u"}}{{.b}}{{end}}', [".b", ".n.b"]),
    ('{{template "u" .}}{{define "u"}}{{.v}}{{template "u" .next}}{{end}}', None),
    ("{{$x := .a}}{{$x = .b}}{{$x.c}}", [".a", ".b"]),
    ("{{$x := .a}}{{if .b}}{{$x := .c}}{{$x.d}}{{end}}{{$x.e}}", [".a.e", ".b", ".c.d"]),
    ("{{.}}{{1}}", []),
]


@pytest.mark.parametrize(("text", "wanted"), FIELDS)
def test_fields(text: str, wanted: list[str] | None) -> None:
    found = facts(Template("t").parse(text)).shown_fields()
    if wanted is None:  # a recursion is followed to some depth
        assert ".v" not in found or ".next.v" in found
        assert found
    else:
        assert sorted(found) == sorted(wanted)


def test_functions_templates_variables() -> None:
    text = '{{$x := upper .a | quote}}{{range $i, $e := .l}}{{template "u" (len $x)}}{{end}}{{define "u"}}{{trim "x"}}{{end}}'
    found = facts(Template("t", funcs=sprig.funcs()).parse(text + '{{define "unused"}}{{lower "x"}}{{end}}'))
    assert found.functions == ("len", "quote", "trim", "upper")
    assert found.templates == ("u",)
    assert found.variables == ("$e", "$i", "$x")


@pytest.mark.parametrize(("path", "wanted"), [((), "."), (("a", "[]", "b"), ".a[].b"), (("a b", "c"), '["a b"].c')])
def test_shown_path(path: tuple[str, ...], wanted: str) -> None:
    assert shown_path(path) == wanted


def test_template_that_was_not_parsed() -> None:
    assert facts(Template("t")) == ((), (), (), ())
