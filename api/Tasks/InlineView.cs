using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace HealthEval.Tasks;

/// <summary>The inner part of <see cref="MarkdownView"/>: emphasis, code, links and the text itself.</summary>
internal sealed class InlineView(string text, CodePoints points)
{
    public List<ViewNode> Of(ContainerInline? container) => [.. (container ?? []).SelectMany(Inline)];

    private IEnumerable<ViewNode> Inline(Inline inline) => inline switch
    {
        LiteralInline literal => literal.Content.IsEmpty ? [] : [Leaf("text", inline, literal.Content.ToString())],
        EmphasisInline emphasis => [Node(Emphasis(emphasis), inline, Of(emphasis))],
        CodeInline code => [Leaf("code", inline, code.Content)],
        LinkInline { IsImage: true } image => [Node("img", inline, Of(image)) with { Href = image.Url }],
        LinkInline link => [Link(link, link.Url, Of(link))],
        AutolinkInline auto => [Link(auto, auto.IsEmail ? $"mailto:{auto.Url}" : auto.Url, [Leaf("text", inline, auto.Url)])],
        LineBreakInline => [Node("br", inline, null)],
        TaskList task => [Node("task", inline, null) with { Checked = task.Checked }],
        HtmlEntityInline entity => [Leaf("text", inline, entity.Transcoded.ToString())],
        ContainerInline other => Of(other),
        _ => Raw(inline),
    };

    private static string Emphasis(EmphasisInline emphasis) => (emphasis.DelimiterChar, emphasis.DelimiterCount) switch
    {
        ('~', _) => "del",
        (_, 1) => "em",
        _ => "strong",
    };

    /// <summary>Only addresses that a browser may open safely become links; others are shown as they were written.</summary>
    private ViewNode Link(Inline inline, string? url, IReadOnlyList<ViewNode> children) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" or "mailto"
            ? Node("a", inline, children) with { Href = url }
            : Leaf("text", inline, null);

    private IEnumerable<ViewNode> Raw(Inline inline)
    {
        var (start, end) = Bounds(inline);
        return start == end ? [] : [new ViewNode("text", points.At(start), points.At(end))];
    }

    private ViewNode Node(string kind, Inline inline, IReadOnlyList<ViewNode>? children)
    {
        var (start, end) = Bounds(inline);
        return new ViewNode(kind, points.At(start), points.At(end), children);
    }

    private ViewNode Leaf(string kind, Inline inline, string? shown)
    {
        var (start, end) = Bounds(inline);
        return new ViewNode(kind, points.At(start), points.At(end), V: shown is null || shown == text[start..end] ? null : shown);
    }

    private (int Start, int End) Bounds(Inline inline)
    {
        var start = Math.Clamp(inline.Span.Start, 0, text.Length);
        return (start, Math.Clamp(inline.Span.End + 1, start, text.Length));
    }
}
