using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace HealthEval.Tasks;

/// <summary>
/// Markdown as nodes with source positions. Nothing that a response says is hidden: raw HTML, comments and link definitions are shown as
/// the text they are, and a text that cannot be parsed is shown as it stands.
/// </summary>
internal sealed class MarkdownView
{
    private const int LongestParsed = 400_000;

    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().UsePreciseSourceLocation().UsePipeTables().UseTaskLists().UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough).Build();

    private readonly string _text;
    private readonly CodePoints _points;
    private readonly InlineView _inlines;

    private MarkdownView(string text)
    {
        _text = text;
        _points = new CodePoints(text);
        _inlines = new InlineView(text, _points);
    }

    public static IReadOnlyList<ViewNode> Of(string text)
    {
        var view = new MarkdownView(text);
        if (text.Length > LongestParsed)
        {
            return view.Plain();
        }

        try
        {
            return [.. Markdown.Parse(text, Pipeline).SelectMany(view.Block)];
        }
        catch (ArgumentException)
        {
            return view.Plain(); // nested deeper than the parser goes
        }
    }

    private IReadOnlyList<ViewNode> Plain() => [new ViewNode("pre", 0, _points.Count)];

    private IEnumerable<ViewNode> Block(Block block) => block switch
    {
        HeadingBlock heading => [Node($"h{heading.Level}", heading, _inlines.Of(heading.Inline))],
        ParagraphBlock paragraph => [Node("p", paragraph, _inlines.Of(paragraph.Inline))],
        ListBlock list => [Node(list.IsOrdered ? "ol" : "ul", list, Children(list)) with { Start = Number(list) }],
        ListItemBlock item => [Node("li", item, Children(item))],
        QuoteBlock quote => [Node("quote", quote, Children(quote))],
        Table table => [Node("table", table, [.. table.OfType<TableRow>().Select(row => Row(table, row))])],
        ThematicBreakBlock rule => [Node("hr", rule, null)],
        CodeBlock code => [Code(code)],
        LinkReferenceDefinitionGroup definitions => definitions.SelectMany(Raw),
        _ => Raw(block),
    };

    private List<ViewNode> Children(ContainerBlock container) => [.. container.SelectMany(Block)];

    private ViewNode Row(Table table, TableRow row)
    {
        var cells = row.OfType<TableCell>().Select((cell, column) => Cell(table, row, cell, column)).ToList();
        return Node("tr", row, cells);
    }

    private ViewNode Cell(Table table, TableRow row, TableCell cell, int column)
    {
        var align = column < table.ColumnDefinitions.Count ? table.ColumnDefinitions[column].Alignment : null;
        var content = cell.SelectMany(block => block is ParagraphBlock paragraph ? _inlines.Of(paragraph.Inline) : Block(block)).ToList();
        return Node(row.IsHeader ? "th" : "td", cell, content) with { Align = align?.ToString().ToLowerInvariant() };
    }

    private ViewNode Code(CodeBlock code)
    {
        var lang = code is FencedCodeBlock { Info.Length: > 0 } fenced ? $"{fenced.Info} {fenced.Arguments}".Trim() : null;
        var shown = code.Lines.ToString();
        var (start, end) = Bounds(code);
        if (code is FencedCodeBlock)
        {
            var from = _text.IndexOf('\n', start); // the line after the opening fence
            if (from >= 0 && from + 1 <= end && shown.Length <= end - from - 1 && string.CompareOrdinal(_text, from + 1, shown, 0, shown.Length) == 0)
            {
                return new ViewNode("pre", _points.At(from + 1), _points.At(from + 1 + shown.Length), Lang: lang);
            }
        }

        return new ViewNode("pre", _points.At(start), _points.At(end), V: shown == _text[start..end] ? null : shown, Lang: lang);
    }

    /// <summary>What has no form of its own is shown as the text it is.</summary>
    private IEnumerable<ViewNode> Raw(Block block)
    {
        var (start, end) = Bounds(block);
        return start == end ? [] : [new ViewNode("p", _points.At(start), _points.At(end), [new ViewNode("text", _points.At(start), _points.At(end))])];
    }

    private ViewNode Node(string kind, Block block, IReadOnlyList<ViewNode>? children)
    {
        var (start, end) = Bounds(block);
        return new ViewNode(kind, _points.At(start), _points.At(end), children);
    }

    private (int Start, int End) Bounds(Block block)
    {
        var start = Math.Clamp(block.Span.Start, 0, _text.Length);
        return (start, Math.Clamp(block.Span.End + 1, start, _text.Length));
    }

    private static int? Number(ListBlock list) => list.IsOrdered && int.TryParse(list.OrderedStart, out var start) && start != 1 ? start : null;
}
