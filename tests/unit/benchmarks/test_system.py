from pathlib import Path

from benchmarks.system import write_telling_catalog
from core.catalog import Catalog


def test_each_model_of_a_telling_catalog_is_asked_whether_the_caller_is_done(
    tmp_path: Path,
) -> None:
    catalog = Catalog.load(write_telling_catalog(tmp_path / "catalog.toml"))
    assert all(model.tells_unfinished for model in catalog.models)
    assert not any(model.tells_unfinished for model in Catalog.load().models)
