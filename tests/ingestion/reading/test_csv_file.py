"""What the reader makes of real CSV files."""

import pytest

HEADER = "zone_id,zone_name\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_the_encoding_is_told_by_content(read_ledger, encoding: str) -> None:
    result = read_ledger((HEADER + "HZ11011311,中外合作区\n").encode(encoding))
    assert result.sheet(None)["headers"] == ["zone_id", "zone_name"]
    assert result.table().rows() == [(2, "HZ11011311", "中外合作区", False)]


def test_a_character_that_only_gb18030_has_is_read(read_ledger) -> None:
    assert read_ledger((HEADER + "1,㐂𠀀中\n").encode("gb18030")).table()["c2"].to_list() == ["㐂𠀀中"]


def test_what_is_neither_encoding_is_refused(read_ledger) -> None:
    assert read_ledger(HEADER.encode() + b"1,\xff\xfe\xff\n").case == "undecodable"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \n\n"])
def test_a_file_without_anything_in_it_is_refused(read_ledger, content: bytes) -> None:
    assert read_ledger(content).case == "empty_file"


def test_headers_alone_are_a_table_without_rows(read_ledger) -> None:
    result = read_ledger(b"zone_id,zone_name")
    assert result.sheet(None)["columns"] == [
        {"position": 1, "header": "zone_id", "field": None, "column": "c1"},
        {"position": 2, "header": "zone_name", "field": None, "column": "c2"},
    ]
    assert result.table().height == 0


def test_rows_are_counted_as_records_and_blank_ones_keep_their_numbers(read_ledger) -> None:
    content = HEADER + '1,"两\n行"\n\n , \u3000\n2,"说 ""好"""\n'
    assert read_ledger(content.encode()).table().rows() == [
        (2, "1", "两\n行", False),
        (5, "2", '说 "好"', False),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_end_of_line_ends_a_row(read_ledger, end: str) -> None:
    assert read_ledger(f"a,b{end}1,2{end}3,4".encode()).table().rows() == [
        (2, "1", "2", False),
        (3, "3", "4", False),
    ]


def test_cells_of_white_space_are_blank_and_others_stand_as_they_are(read_ledger) -> None:
    assert read_ledger("a,b\n\u3000, 1 \n".encode()).table().rows() == [(2, None, " 1 ", False)]


def test_a_row_of_another_length_than_the_headers_is_ragged(read_ledger) -> None:
    assert read_ledger(b"a,b\n1\n1,2,3\n1,2,\n1,2\n").table().rows() == [
        (2, "1", None, True),
        (3, "1", "2", True),
        (4, "1", "2", True),
        (5, "1", "2", False),
    ]


def test_a_header_twice_and_a_blank_one_keep_their_columns(read_ledger) -> None:
    result = read_ledger(b"a,a,\n1,2,3\n")
    assert result.sheet(None)["headers"] == ["a", "a", None]
    assert result.table().rows() == [(2, "1", "2", "3", False)]


def test_a_quote_that_never_closes_spoils_its_own_row_alone(read_ledger) -> None:
    assert read_ledger(b'a,b\n1,x\n2,"y\n3,z\n5,v').table().rows() == [
        (2, "1", "x", False),
        (3, "2", '"y', True),
        (4, "3", "z", False),
        (5, "5", "v", False),
    ]


def test_a_quote_that_only_a_later_row_closes_spoils_its_own_row_alone(read_ledger) -> None:
    assert read_ledger(b'a,b\n1,x\n2,"y\n3,z\n4,"w"\n5,v').table().rows() == [
        (2, "1", "x", False),
        (3, "2", '"y', True),
        (4, "3", "z", False),
        (5, "4", "w", False),
        (6, "5", "v", False),
    ]


def test_a_file_that_ends_inside_a_quote_is_read_to_its_end(read_ledger) -> None:
    rows = read_ledger(b'a,b\n1,x\n2,"\n').table().rows()
    assert rows == [(2, "1", "x", False), (3, "2", '"', True)]


def test_text_after_a_closing_quote_is_part_of_the_cell(read_ledger) -> None:
    assert read_ledger(b'a,b\n"1" ,x\n2,"y"z\n').table().rows() == [
        (2, "1 ", "x", False),
        (3, "2", "yz", False),
    ]


def test_nul_bytes_and_huge_cells_are_text(read_ledger) -> None:
    huge = "长" * 200_000
    rows = read_ledger(f"a,b\n1\0,{huge}\n".encode()).table().rows()
    assert rows == [(2, "1\0", huge, False)]
