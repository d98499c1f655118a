"""The table of Sprig 3.3's functions: for each name its Go signature and the function behind it.

A row is ``MARK NAME(PARAMETERS) RESULTS -> MODULE.FUNCTION``. The mark says how the function may be used: ``=`` is pure
(equal arguments give equal results, nothing is changed, and the result is no fresh map or ``[]string``, which other
functions may change later), ``*`` takes the host as its first argument, ``!`` is neither. Source: the function map of
Masterminds/sprig v3.3.0.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple

from gotemplate import values
from gotemplate.values import Func, Type, Value

if TYPE_CHECKING:
    from gotemplate.sprig.host import Host

_ROWS: Final = """
# strings
= trim(string) string -> strings.trim
= trimAll(string, string) string -> strings.trim_all
= trimall(string, string) string -> strings.trim_all
= trimSuffix(string, string) string -> strings.trim_suffix
= trimPrefix(string, string) string -> strings.trim_prefix
= upper(string) string -> strings.upper
= lower(string) string -> strings.lower
= title(string) string -> strings.title
= untitle(string) string -> strings.untitle
= repeat(int, string) string -> strings.repeat
= substr(int, int, string) string -> strings.substr
= nospace(string) string -> strings.nospace
= trunc(int, string) string -> strings.trunc
= abbrev(int, string) string -> strings.abbrev
= abbrevboth(int, int, string) string -> strings.abbrevboth
= initials(string) string -> strings.initials
* randAlphaNum(int) string -> randomness.alpha_numeric
* randAlpha(int) string -> randomness.alpha
* randNumeric(int) string -> randomness.numeric
* randAscii(int) string -> randomness.ascii_text
= wrap(int, string) string -> strings.wrap
= wrapWith(int, string, string) string -> strings.wrap_with
= contains(string, string) bool -> strings.contains
= hasPrefix(string, string) bool -> strings.has_prefix
= hasSuffix(string, string) bool -> strings.has_suffix
= quote(...any) string -> strings.quote
= squote(...any) string -> strings.squote
= cat(...any) string -> strings.cat
= indent(int, string) string -> strings.indent
= nindent(int, string) string -> strings.nindent
= replace(string, string, string) string -> strings.replace
= plural(string, string, int) string -> strings.plural
= snakecase(string) string -> words.snakecase
= camelcase(string) string -> words.camelcase
= kebabcase(string) string -> words.kebabcase
= swapcase(string) string -> strings.swapcase
* shuffle(string) string -> randomness.shuffle
= regexMatch(string, string) bool -> regexes.match
= mustRegexMatch(string, string) (bool, error) -> regexes.must_match
! regexFindAll(string, string, int) []string -> regexes.find_all
! mustRegexFindAll(string, string, int) ([]string, error) -> regexes.must_find_all
= regexFind(string, string) string -> regexes.find
= mustRegexFind(string, string) (string, error) -> regexes.must_find
= regexReplaceAll(string, string, string) string -> regexes.replace_all
= mustRegexReplaceAll(string, string, string) (string, error) -> regexes.must_replace_all
= regexReplaceAllLiteral(string, string, string) string -> regexes.replace_all_literal
= mustRegexReplaceAllLiteral(string, string, string) (string, error) -> regexes.must_replace_all_literal
! regexSplit(string, string, int) []string -> regexes.split
! mustRegexSplit(string, string, int) ([]string, error) -> regexes.must_split
= regexQuoteMeta(string) string -> regexes.quote_meta
# string lists
= join(string, any) string -> string_lists.join
! splitList(string, string) []string -> string_lists.split_list
! split(string, string) map[string]string -> string_lists.split
! splitn(string, int, string) map[string]string -> string_lists.splitn
! sortAlpha(any) []string -> string_lists.sort_alpha
# integer math
= add(...any) int64 -> integer_math.add
= add1(any) int64 -> integer_math.add1
= sub(any, any) int64 -> integer_math.sub
= div(any, any) int64 -> integer_math.div
= mod(any, any) int64 -> integer_math.mod
= mul(any, ...any) int64 -> integer_math.mul
= max(any, ...any) int64 -> integer_math.largest
= biggest(any, ...any) int64 -> integer_math.largest
= min(any, ...any) int64 -> integer_math.smallest
= floor(any) float64 -> integer_math.floor
= ceil(any) float64 -> integer_math.ceil
= round(any, int, ...float64) float64 -> integer_math.round_half
* randInt(int, int) int -> integer_math.random_int
# integer lists
= until(int) []int -> integer_lists.until
= untilStep(int, int, int) []int -> integer_lists.until_step
= seq(...int) string -> integer_lists.seq
# float math
= addf(...any) float64 -> float_math.addf
= add1f(any) float64 -> float_math.add1f
= subf(any, ...any) float64 -> float_math.subf
= divf(any, ...any) float64 -> float_math.divf
= mulf(any, ...any) float64 -> float_math.mulf
= maxf(any, ...any) float64 -> float_math.maxf
= minf(any, ...any) float64 -> float_math.minf
# dates
* now() time.Time -> dates.now
* ago(any) string -> dates.ago
* date(string, any) string -> dates.date
* dateInZone(string, any, string) string -> dates.date_in_zone
* date_in_zone(string, any, string) string -> dates.date_in_zone
= dateModify(string, time.Time) time.Time -> dates.modify
= date_modify(string, time.Time) time.Time -> dates.modify
= mustDateModify(string, time.Time) (time.Time, error) -> dates.must_modify
= must_date_modify(string, time.Time) (time.Time, error) -> dates.must_modify
= duration(any) string -> dates.duration
* durationRound(any) string -> dates.duration_round
* htmlDate(any) string -> dates.html_date
* htmlDateInZone(any, string) string -> dates.html_date_in_zone
* toDate(string, string) time.Time -> dates.to_date
* mustToDate(string, string) (time.Time, error) -> dates.must_to_date
= unixEpoch(time.Time) string -> dates.unix_epoch
# defaults
= default(any, ...any) any -> defaults.default
= empty(any) bool -> defaults.empty
= coalesce(...any) any -> defaults.coalesce
= all(...any) bool -> defaults.all_given
= any(...any) bool -> defaults.any_given
= ternary(any, any, bool) any -> defaults.ternary
! fromJson(string) any -> json_texts.from_json
! mustFromJson(string) (any, error) -> json_texts.must_from_json
= toJson(any) string -> json_texts.to_json
= mustToJson(any) (string, error) -> json_texts.must_to_json
= toPrettyJson(any) string -> json_texts.to_pretty_json
= mustToPrettyJson(any) (string, error) -> json_texts.must_to_pretty_json
= toRawJson(any) string -> json_texts.to_raw_json
= mustToRawJson(any) (string, error) -> json_texts.to_raw_json
# encoding
= b64enc(string) string -> encoding.b64enc
= b64dec(string) string -> encoding.b64dec
= b32enc(string) string -> encoding.b32enc
= b32dec(string) string -> encoding.b32dec
# lists
= list(...any) []any -> lists.build
= tuple(...any) []any -> lists.build
= first(any) any -> lists.first
= mustFirst(any) (any, error) -> lists.first
= rest(any) []any -> lists.rest
= mustRest(any) ([]any, error) -> lists.rest
= last(any) any -> lists.last
= mustLast(any) (any, error) -> lists.last
= initial(any) []any -> lists.initial
= mustInitial(any) ([]any, error) -> lists.initial
= append(any, any) []any -> lists.append
= mustAppend(any, any) ([]any, error) -> lists.append
= push(any, any) []any -> lists.append
= mustPush(any, any) ([]any, error) -> lists.append
= prepend(any, any) []any -> lists.prepend
= mustPrepend(any, any) ([]any, error) -> lists.prepend
= concat(...any) any -> lists.concat
= reverse(any) []any -> lists.reverse
= mustReverse(any) ([]any, error) -> lists.reverse
= uniq(any) []any -> lists.uniq
= mustUniq(any) ([]any, error) -> lists.uniq
= without(any, ...any) []any -> lists.without
= mustWithout(any, ...any) ([]any, error) -> lists.without
= has(any, any) bool -> lists.has
= mustHas(any, any) (bool, error) -> lists.has
= compact(any) []any -> lists.compact
= mustCompact(any) ([]any, error) -> lists.compact
= slice(any, ...any) any -> lists.cut
= mustSlice(any, ...any) (any, error) -> lists.cut
= chunk(int, any) [][]any -> lists.chunk
= mustChunk(int, any) ([][]any, error) -> lists.chunk
# dictionaries
! dict(...any) map[string]any -> dicts.build
= get(map[string]any, string) any -> dicts.get
! set(map[string]any, string, any) map[string]any -> dicts.set_key
! unset(map[string]any, string) map[string]any -> dicts.unset
= hasKey(map[string]any, string) bool -> dicts.has_key
= pluck(string, ...map[string]any) []any -> dicts.pluck
= dig(...any) (any, error) -> dicts.dig
! keys(...map[string]any) []string -> dicts.keys
= values(map[string]any) []any -> dicts.values
! pick(map[string]any, ...string) map[string]any -> dicts.pick
! omit(map[string]any, ...string) map[string]any -> dicts.omit
! merge(map[string]any, ...map[string]any) any -> merging.merge
! mustMerge(map[string]any, ...map[string]any) (any, error) -> merging.must_merge
! mergeOverwrite(map[string]any, ...map[string]any) any -> merging.merge_overwrite
! mustMergeOverwrite(map[string]any, ...map[string]any) (any, error) -> merging.must_merge_overwrite
! deepCopy(any) any -> merging.deep_copy
! mustDeepCopy(any) (any, error) -> merging.deep_copy
# type conversion
= atoi(string) int -> conversion.atoi
= float64(any) float64 -> conversion.cast_float
= int(any) int -> conversion.cast_int
= int64(any) int64 -> conversion.to_int64
= toDecimal(any) int64 -> conversion.to_decimal
= toString(any) string -> conversion.string_of
! toStrings(any) []string -> conversion.strings_of
# paths
= base(string) string -> paths.base
= osBase(string) string -> paths.base
= dir(string) string -> paths.dir
= osDir(string) string -> paths.dir
= clean(string) string -> paths.clean
= osClean(string) string -> paths.clean
= ext(string) string -> paths.ext
= osExt(string) string -> paths.ext
= isAbs(string) bool -> paths.is_abs
= osIsAbs(string) bool -> paths.is_abs
# flow control
! fail(string) (string, error) -> flow_control.fail
= hello() string -> flow_control.hello
# UUIDs
* uuidv4() string -> uuids.uuidv4
# operating system and network
* env(string) string -> system.env
* expandenv(string) string -> system.expandenv
* getHostByName(string) string -> system.get_host_by_name
# semantic versions
= semver(string) (*semver.Version, error) -> versions.semver
= semverCompare(string, string) (bool, error) -> versions.semver_compare
# reflection
= kindOf(any) string -> reflection.kind_name
= kindIs(string, any) bool -> reflection.kind_is
= typeOf(any) string -> reflection.type_name
= typeIs(string, any) bool -> reflection.type_is
= typeIsLike(string, any) bool -> reflection.type_is_like
= deepEqual(any, any) bool -> reflection.deep_equal
# cryptography
= sha1sum(string) string -> digests.sha1sum
= sha256sum(string) string -> digests.sha256sum
= sha512sum(string) string -> digests.sha512sum
= adler32sum(string) string -> digests.adler32sum
* bcrypt(string) string -> passwords.bcrypt
* htpasswd(string, string) string -> passwords.htpasswd
* randBytes(int) (string, error) -> randomness.random_base64
= derivePassword(uint32, string, string, string, string) string -> passwords.derive_password
! genPrivateKey(string) string -> keys.private_key
! buildCustomCert(string, string) (sprig.certificate, error) -> certificates.build_custom
* genCA(string, int) (sprig.certificate, error) -> certificates.authority
* genCAWithKey(string, int, string) (sprig.certificate, error) -> certificates.authority_with_key
* genSelfSignedCert(string, []any, []any, int) (sprig.certificate, error) -> certificates.self_signed
* genSelfSignedCertWithKey(string, []any, []any, int, string) (sprig.certificate, error) -> certificates.self_signed_with_key
* genSignedCert(string, []any, []any, int, sprig.certificate) (sprig.certificate, error) -> certificates.signed
* genSignedCertWithKey(string, []any, []any, int, sprig.certificate, string) (sprig.certificate, error) -> certificates.signed_with_key
* encryptAES(string, string) (string, error) -> ciphers.encrypt_aes
= decryptAES(string, string) (string, error) -> ciphers.decrypt_aes
# URLs
! urlParse(string) map[string]any -> urls.parse
= urlJoin(map[string]any) string -> urls.join
"""
_NAMED: Final = {
    "any": values.ANY,
    "bool": values.BOOL,
    "error": values.ERROR,
    "float64": values.FLOAT64,
    "int": values.INT,
    "int64": values.INT64,
    "string": values.STRING,
    "uint32": values.UINT32,
}
_DECLARED: Final = {
    "time.Time": ("gotemplate.golib.time", "TIME"),
    "*semver.Version": ("gotemplate.sprig.versions", "VERSION_POINTER"),
    "sprig.certificate": ("gotemplate.sprig.certificates", "CERTIFICATE"),
}


class Row(NamedTuple):
    """One function: its name, its mark, its Go signature without the name, and where its Python function is."""

    name: str
    mark: str
    signature: str
    module: str
    function: str


@cache
def rows() -> tuple[Row, ...]:
    """Return the table."""
    return tuple(_read_row(line) for line in _ROWS.splitlines() if line and not line.startswith("#"))


def _read_row(line: str) -> Row:
    head, target = line.split(" -> ")
    name, _, signature = head[2:].partition("(")
    module, _, function = target.partition(".")
    return Row(name, head[0], "(" + signature, module, function)


@cache
def read_signature(text: str) -> Type:
    """Return the func type of a signature such as ``(string, ...any) (string, error)``."""
    inside, _, outside = text[1:].partition(")")
    words = inside.split(", ") if inside else []
    variadic = bool(words) and words[-1].startswith("...")
    if variadic:
        words[-1] = "[]" + words[-1].removeprefix("...")
    results = outside.strip(" ()").split(", ")
    return values.func_of(tuple(map(_type, words)), tuple(map(_type, results)), variadic=variadic)


@cache
def _type(word: str) -> Type:
    if word in _NAMED:
        return _NAMED[word]
    if word.startswith("[]"):
        return values.slice_of(_type(word[2:]))
    if word.startswith("map[string]"):
        return values.map_of(values.STRING, _type(word.removeprefix("map[string]")))
    module, name = _DECLARED[word]
    declared: Type = getattr(importlib.import_module(module), name)
    return declared


class SprigFunc(Func):
    """A function of the table. Its page, and the types of its signature, are imported when it is first asked for them."""

    __slots__ = ("_call", "_host", "_row", "_type")

    declared = True

    def __init__(self, row: Row, host: Host) -> None:
        self._row = row
        self._host = host
        self._call: Callable[..., Value] | None = None
        self._type: Type | None = None
        self.name = row.name
        self.pure = row.mark == "="

    def __bool__(self) -> bool:
        return True

    @property
    def go_type(self) -> Type:  # type: ignore[override]
        """The func type."""
        if self._type is None:
            self._type = read_signature(self._row.signature)
        return self._type

    @property
    def call(self) -> Callable[..., Value]:  # type: ignore[override]
        """The Python function, bound to the host where it needs one."""
        if self._call is None:
            row = self._row
            function = getattr(importlib.import_module("gotemplate.sprig." + row.module), row.function)
            self._call = partial(function, self._host) if row.mark == "*" else function
        return self._call
