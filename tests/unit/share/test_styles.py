"""Styles for a file: what cannot apply is left out, and nothing else."""

from __future__ import annotations

from gt.share.styles import needed, pruned


def kept(sheet: str, *words: str) -> str:
    return pruned(sheet, set(words))


def test_rules_of_classes_that_nobody_names_are_left_out():
    assert kept(".a{x:1}.b{y:2}p{z:3}", "a") == ".a{x:1}\np{z:3}"
    assert kept(".a .b,.a > p,.c{x:1}", "a") == ".a > p{x:1}"
    assert kept("@media (min-width:1px){.a{x:1}.b{y:2}}@media print{.b{y:2}}", "a") == (
        "@media (min-width:1px){.a{x:1}}"
    )


def test_a_class_may_be_put_together_and_a_choice_is_kept_whole():
    assert kept(".gt-icon-play-fill{x:1}.gt-icon-stop{y:2}", "gt-icon-", "play-fill") == (
        ".gt-icon-play-fill{x:1}"
    )
    assert kept(":is(.a, .b) .c{x:1}.c:not(.b){y:2}.c:has(.a, :not(.b)){z:3}", "c") == (
        ":is(.a, .b) .c{x:1}\n.c:not(.b){y:2}\n.c:has(.a, :not(.b)){z:3}"
    )


def test_comments_brackets_in_texts_and_the_encoding_confuse_nobody():
    sheet = '@charset "UTF-8";/* .a{ */.a::before{content:"}";}\n@keyframes k{from{x:1}to{x:2}}'
    assert kept(sheet, "a") == '.a::before{content:"}";}\n@keyframes k{from{x:1}to{x:2}}'


def test_of_all_styles_a_small_part_is_needed():
    assert 2_000 < len(needed("gt-bar")) < len(needed("gt-bar gt-stage gt-tools")) < 120_000
