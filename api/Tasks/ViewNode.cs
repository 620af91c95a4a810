namespace HealthEval.Tasks;

/// <summary>
/// A piece of a text as it is to be shown. Never HTML: the browser makes elements and text nodes from it.
/// </summary>
/// <param name="K">p h1…h6 ul ol li quote pre code em strong del a img br hr table tr th td text task.</param>
/// <param name="S">Where it begins in the stored text, in code points.</param>
/// <param name="E">Where it ends (exclusive).</param>
/// <param name="C">Children; leaves have none.</param>
/// <param name="V">A leaf's shown text where it differs from the stored text's slice.</param>
internal sealed record ViewNode(
    string K, int S, int E, IReadOnlyList<ViewNode>? C = null, string? V = null, string? Href = null, int? Start = null, string? Align = null, string? Lang = null, bool? Checked = null);
