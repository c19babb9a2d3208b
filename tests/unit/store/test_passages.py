from store.passages import PASSAGE_BYTES, passages_of


def test_a_paragraph_is_a_passage() -> None:
    content = "We open at nine.\n\n  \nWe close at six."

    assert passages_of(content) == ["We open at nine.", "We close at six."]


def test_a_long_paragraph_is_split_between_sentences() -> None:
    sentences = [f"Rule {n} is that nobody may enter shop {n} with wet shoes." for n in range(40)]

    passages = passages_of(" ".join(sentences))

    assert len(passages) > 1
    assert " ".join(passages).split(". ") == " ".join(sentences).split(". ")
    assert all(passage.endswith(".") for passage in passages)


def test_no_passage_is_too_long_in_any_script() -> None:
    contents = ["x" * 5000, "नमस्ते " * 900, "नमस्ते" * 900, "क।" * 2000, "word " * 2000]

    for content in contents:
        passages = passages_of(content)
        assert all(0 < len(passage.encode()) <= PASSAGE_BYTES for passage in passages)
        assert "".join(passages).replace(" ", "") == content.replace(" ", "")


def test_hindi_sentences_end_where_they_end() -> None:
    content = "वापसी तीस दिन में होती है। " * 30

    assert all(passage.endswith("।") for passage in passages_of(content))


def test_blank_text_has_no_passage() -> None:
    assert passages_of(" \n\n \t\n") == []
