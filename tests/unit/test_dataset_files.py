from seizureflow.dataset_files import SUFFIXES, dataset_files
from seizureflow.readers import FORMATS


def test_files_of_a_dataset_are_found_in_any_case_and_format(tmp_path):
    for name in ("dm.xpt", "DM.json", "Dm.csv", "dm.pdf", "suppdm.xpt", "ae.xpt", "dm"):
        (tmp_path / name).touch()
    (tmp_path / "dm.parquet").mkdir()
    found = [path.name for path in dataset_files(tmp_path, "DM")]
    assert found == sorted(["dm.xpt", "DM.json", "Dm.csv"])
    assert dataset_files(tmp_path, "lb") == []
    assert dataset_files(tmp_path / "absent", "dm") == []


def test_the_formats_are_those_that_can_be_read():
    assert set(SUFFIXES) == set(FORMATS)
