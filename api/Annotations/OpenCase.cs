using HealthEval.Batches;
using HealthEval.Guidelines;
using HealthEval.Http;
using HealthEval.Storage;
using HealthEval.Tasks;

namespace HealthEval.Annotations;

/// <summary>A task's judgements in front of one adjudicator. The orders follow from seeds, so that a reload shows the same case.</summary>
internal sealed class OpenCase
{
    private const int LongestRationale = 4_000;
    private readonly Guideline _guideline;

    public OpenCase(EvalItem item, IReadOnlyList<Annotation> judgements, Referral? referral, string adjudicator, Guideline guideline)
    {
        (Item, Adjudicator, _guideline) = (item, adjudicator, guideline);
        Seed = Sha.OfParts("judgement order", item.TaskId, adjudicator)[..16];
        var byId = judgements.ToDictionary(judgement => judgement.AnnotationId);
        Judgements = [.. ResponseOrder.Of(byId.Keys.Order(StringComparer.Ordinal), Seed).Select(id => byId[id])];
        Order = [.. ResponseOrder.Of(item.Responses.Select(response => response.ResponseId), ResponseOrder.Seed(item.TaskId, adjudicator))];
        Points = Disputes.Of(Judgements, guideline, referral?.Why);
    }

    public EvalItem Item { get; }

    public string Adjudicator { get; }

    public string Seed { get; }

    public IReadOnlyList<Annotation> Judgements { get; }

    /// <summary>Response ids in the order this adjudicator sees them.</summary>
    public List<string> Order { get; }

    public IReadOnlyList<Dispute> Points { get; }

    public string? LetterOf(string? responseId) => responseId is null ? null : ResponseOrder.Key(Order.IndexOf(responseId));

    /// <summary>The judgement in this adjudicator's letters, without the time it took.</summary>
    public Judgement Translated(Annotation annotation)
    {
        return annotation.Judgement.Renamed(To) with { ActiveSeconds = 0, CheckingSeconds = null };

        string To(string letter) => LetterOf(annotation.ResponseId(letter))!;
    }

    /// <summary>A ruling per point, or what is wrong with the decisions by field.</summary>
    public (IReadOnlyList<Ruling> Rulings, Faults Faults) Rule(IReadOnlyList<Decision> decisions)
    {
        var faults = new Faults();
        var points = Points.ToDictionary(point => point.KeyFor(LetterOf(point.ResponseId)));
        var rulings = new List<Ruling>();
        for (var i = 0; i < decisions.Count; i++)
        {
            var (decision, at) = (decisions[i], $"decisions[{i}]");
            if (!points.Remove(decision.Point, out var point))
            {
                faults.Add($"{at}.point", "This is not a point of the case, or it was decided above.");
                continue;
            }

            faults.Require(decision.Rationale.Trim() is { Length: > 0 and <= LongestRationale }, $"{at}.rationale", $"Say why in a sentence ({LongestRationale:N0} characters at most).");
            if (FinalOf(point, decision, at, faults) is { } final)
            {
                var given = point.Values.OfType<string>().ToList();
                rulings.Add(new Ruling(point, final, decision.Judgement, given.Count > 0 && !given.Contains(final), decision.Rationale.Trim()));
            }
        }

        foreach (var open in points.Keys.Order(StringComparer.Ordinal))
        {
            faults.Add("decisions", $"'{open}' is not decided yet.");
        }

        return ([.. Points.Select(point => rulings.Find(ruling => ruling.Point == point)).OfType<Ruling>()], faults);
    }

    private string? FinalOf(Dispute point, Decision decision, string at, Faults faults)
    {
        if (decision is { Judgement: not null, Value: not null } or { Judgement: null, Value: null })
        {
            faults.Add(at, "Confirm a judgement or give a value, one of the two.");
            return null;
        }

        if (decision.Judgement is not { } number)
        {
            faults.Require(point.Allows(decision.Value!, _guideline), $"{at}.value", "This value is not one that the point can have.");
            return decision.Value;
        }

        // To confirm that flags or a lead's doubt change nothing, there is 'stands'; here a judgement must have said something.
        var confirmed = number >= 1 && number <= point.Values.Length && point.Kind != "case" ? point.Values[number - 1] : null;
        faults.Require(confirmed is not null, $"{at}.judgement", "This judgement says nothing about the point. Give a value instead.");
        return confirmed;
    }
}
