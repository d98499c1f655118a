"""kube-inject's ``--operatorFileName``: an IstioOperator file in place of mesh and values files."""

from __future__ import annotations

from webhook.cli.configuration import Sources, read_file
from webhook.cli.exits import BAD_INPUT, CliError
from webhook.config.charts import Values, read_values
from webhook.config.detect import detect_release
from webhook.config.document import find_config_maps, parse_document
from webhook.config.errors import ConfigError
from webhook.config.operator import OperatorError, OperatorTexts, operator_texts
from webhook.config.release import Release, release_of


def read_operator_file(name: str) -> Values:
    """Return an IstioOperator document.

    Raises:
        CliError: with exit code 3, for a file that cannot be read or is no such document.
    """
    try:
        document = read_values(read_file(name), name)
    except ConfigError as error:
        raise CliError(str(error), BAD_INPUT) from error
    if document.get("kind") != "IstioOperator":
        raise CliError(
            f"{name}: this is no IstioOperator but {document.get('kind') or 'nothing with a kind'}", BAD_INPUT
        )
    return document


def texts_of_operator(document: Values, inject: str, release: str) -> OperatorTexts:
    """Return mesh and values of an IstioOperator, for the release that is named or that the injection configuration is of.

    Raises:
        CliError: with exit code 3.
    """
    try:
        found = release_of(release) if release else _release_of_config(inject)
        return operator_texts(document, found.numbers, found.version)
    except (ConfigError, OperatorError, ValueError) as error:
        raise CliError(str(error), BAD_INPUT) from error


def _release_of_config(inject: str) -> Release:
    place = "the injection configuration"
    maps = find_config_maps(inject, place)
    text = inject if maps is None or maps.config is None else maps.config
    return detect_release(parse_document(text, place)).release


def with_operator(sources: Sources, texts: OperatorTexts) -> Sources:
    """Return sources whose mesh and values are those of the IstioOperator, where it has them."""
    return Sources(
        sources.inject, sources.inject_name, texts.mesh or sources.mesh, texts.values or sources.values, sources.release
    )
