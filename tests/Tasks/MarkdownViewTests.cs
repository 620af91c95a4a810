using HealthEval.Tasks;

namespace HealthEval.Tests.Tasks;

public sealed class MarkdownViewTests
{
    [Theory]
    [InlineData("Plain words.")]
    [InlineData("# Title\n\nText with **bold**, *em*, `code` and ~~gone~~.\n\n- one\n- two\n  1. nested\n\n> quote")]
    [InlineData("| Drug | Dose |\n|:--|--:|\n| A 💊 | **5 mg** |\n| B | 10 mg |")]
    [InlineData("```json\n{\"a\": 1}\n```\n\n    indented code\n\n---\nafter")]
    [InlineData("See <https://who.int> and [label](https://www.fda.gov \"title\") or mail <a@b.org>.")]
    [InlineData("Escapes: \\* &amp; &#39; 5 &lt; 6 <b>html</b> <!-- hidden? -->")]
    [InlineData("مرحبا **بالعالم** 👩‍⚕️ e\u0301 x\u0338")]
    [InlineData("- [x] done\n- [ ] open\n\n[ref]: https://example.org \"gone?\"\n\nA [ref] link.")]
    [InlineData("line one\nline two  \nline three\r\nwindows\r\n\r\nend")]
    [InlineData("![alt text](https://example.org/x.png)")]
    [InlineData("")]
    [InlineData("<div onclick=\"x()\">\nblock html\n</div>")]
    public void A_leaf_without_its_own_text_shows_exactly_the_stored_slice_in_order(string text)
    {
        var end = 0;
        foreach (var leaf in Leaves(MarkdownView.Of(text)))
        {
            Assert.NotNull(CodePoints.Slice(text, leaf.S, leaf.E));
            Assert.True(leaf.S >= end, $"leaf {leaf} begins before the last one ended");
            end = leaf.E;
        }
    }

    [Theory]
    [InlineData("<script>alert(1)</script>", "<script>alert(1)</script>")]
    [InlineData("a <!-- secret --> b", "<!-- secret -->")]
    [InlineData("[x]: https://example.org", "[x]: https://example.org")]
    [InlineData("[click](javascript:alert(1))", "[click](javascript:alert(1))")]
    [InlineData("[click](data:text/html,hi)", "[click](data:text/html,hi)")]
    public void What_could_hide_or_run_is_shown_as_the_text_it_is(string text, string shown) => Assert.Contains(shown, Shown(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("5 &lt; 6 &amp; 7", "5 < 6 & 7")]
    [InlineData("2 \\* 3", "2 * 3")]
    public void Where_Markdown_writes_something_else_the_leaf_carries_what_is_read(string text, string shown) => Assert.Equal(shown, Shown(text));

    [Fact]
    public void What_stands_behind_a_code_fence_is_kept_with_it() => Assert.Equal("js you may stop insulin", Assert.Single(MarkdownView.Of("```js you may stop insulin\ncode\n```")).Lang);

    [Fact]
    public void Offsets_count_code_points()
    {
        var bold = Assert.Single(All(MarkdownView.Of("💊💊 **x**")), node => node.K == "strong");

        Assert.Equal((3, 8), (bold.S, bold.E));
        Assert.Equal("x", CodePoints.Slice("💊💊 **x**", bold.C![0].S, bold.C[0].E));
    }

    [Fact]
    public void A_table_has_its_rows_cells_and_alignment()
    {
        var table = Assert.Single(MarkdownView.Of("| a | b |\n|---|--:|\n| 1 | 2 |"));

        Assert.Equal(("table", 2), (table.K, table.C!.Count));
        Assert.Equal(["th", "th"], table.C[0].C!.Select(cell => cell.K));
        Assert.Equal([null, "right"], table.C[1].C!.Select(cell => cell.Align));
    }

    [Fact]
    public void A_list_keeps_its_first_number() => Assert.Equal(3, Assert.Single(MarkdownView.Of("3. c\n4. d")).Start);

    [Theory]
    [InlineData(5_000, '>')]
    [InlineData(20_000, '*')]
    [InlineData(20_000, '[')]
    [InlineData(20_000, '`')]
    public void Text_made_to_break_a_parser_is_shown_all_the_same(int count, char character)
    {
        var text = new string(character, count) + " end";

        var nodes = MarkdownView.Of(text);

        Assert.True(Shown(text).Contains("end", StringComparison.Ordinal) || nodes[^1].Lang == "end");
    }

    [Fact]
    public void A_lone_surrogate_does_not_break_the_view() => Assert.NotEmpty(MarkdownView.Of("a \ud83d b"));

    private static string Shown(string text) => string.Concat(Leaves(MarkdownView.Of(text)).Select(leaf => leaf.V ?? CodePoints.Slice(text, leaf.S, leaf.E)));

    private static IEnumerable<ViewNode> Leaves(IEnumerable<ViewNode> nodes) => All(nodes).Where(node => node.K is "text" or "code" or "pre");

    private static IEnumerable<ViewNode> All(IEnumerable<ViewNode> nodes) => nodes.SelectMany(node => All(node.C ?? []).Prepend(node));
}
