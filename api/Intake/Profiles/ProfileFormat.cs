using System.Text.Json;
using HealthEval.Intake.Formats;

namespace HealthEval.Intake.Profiles;

/// <summary>A profile as a format: it recognises records that have its fields, before all others, and reads them as it says.</summary>
internal static class ProfileFormat
{
    /// <param name="file">The name of the file that is read, which may name the model.</param>
    public static Format Of(ImportProfile profile, string file) => new(
        NameOf(profile),
        Sources(profile),
        record => Has(record, profile.Prompt) && profile.Response.Any(path => Has(record, [path])),
        fields => Read(fields, profile, file))
    {
        SuitsColumns = names => profile.Prompt.Concat(profile.Response.Take(1)).Select(part => ImportProfile.Split(part).Path).Where(path => !IsConstant(path)).All(path => names.Any(name => Names.Same(name, Paths.Root(path)) || Names.Same(name, path))),
    };

    /// <summary>
    /// Throws when a profile was named for this very file and no record has its fields: read otherwise, the file would say something else than was meant.
    /// </summary>
    public static void Require(ImportProfile? said, IEnumerable<Recognition> recognised)
    {
        if (said is not null && !recognised.Any(one => one.Format is null || one.Format.Name == NameOf(said)))
        {
            var paths = said.Prompt.Concat(said.Response).Select(part => ImportProfile.Split(part).Path).Where(path => !IsConstant(path));
            throw new UnreadableFileException($"No record has the fields that the profile names: {Excerpt.Of(string.Join(", ", paths), 120)}. "
                + "Names may be written in any case; inside of objects write object.field.");
        }
    }

    private static string NameOf(ImportProfile profile) => $"profile {profile.Name} v{profile.Version}";

    private static bool Has(JsonElement record, IReadOnlyList<string> parts) =>
        parts.Select(part => ImportProfile.Split(part).Path).Where(path => !IsConstant(path)).All(path => record.TryField(path, out _) || record.TryField(Paths.Root(path), out _));

    private static List<(string Ours, string[] Theirs)> Sources(ImportProfile profile)
    {
        (string Ours, string? Theirs)[] single =
        [
            ("model", profile.Model), ("reference", profile.Reference), ("rubric", profile.Rubric), ("claims", profile.Claims), ("subdomain", profile.Subdomain), ("audience", profile.Audience), ("jurisdiction", profile.Jurisdiction),
            ("language", profile.Language), ("riskTier", profile.Risk), ("itemId", profile.ItemId), ("promptId", profile.PromptId), ("responseId", profile.ResponseId),
        ];
        return
        [
            ("prompt", [string.Join(" + ", profile.Prompt)]), ("response", [string.Join(" + ", profile.Response)]), .. single.Where(field => field.Theirs is not null).Select(field => (field.Ours, (string[])[field.Theirs!])),
        ];
    }

    private static void Read(Fields fields, ImportProfile profile, string file)
    {
        var draft = fields.Draft;
        draft.ItemId = Text(fields, profile.ItemId);
        draft.PromptId = Text(fields, profile.PromptId);
        foreach (var part in profile.Prompt)
        {
            Prompt(fields, part);
        }

        var model = profile.Model is ImportProfile.OfFile ? System.IO.Path.GetFileNameWithoutExtension(file) : Text(fields, profile.Model);
        var id = Text(fields, profile.ResponseId);
        foreach (var part in profile.Response)
        {
            var (front, path) = ImportProfile.Split(part);
            foreach (var (value, at) in Paths.Find(fields.Record, path).ToList())
            {
                Answers.Add(value, at, profile.Response.Count == 1 ? id : null, front ?? model, draft);
            }
        }

        if (draft.Messages.Count == 0 && draft.Problems.Count == 0)
        {
            fields.Missing(profile.Prompt[0], "what was asked");
        }
        else if (draft.Responses.Count == 0 && draft.Problems.Count == 0)
        {
            fields.Missing(profile.Response[0], "the text to judge");
        }

        Common(fields, profile);
        foreach (var path in Taken(profile))
        {
            fields.Ignore(path, Paths.Root(path));
        }

        CommonFields.Read(fields);
        fields.RestToMeta();
    }

    private static void Prompt(Fields fields, string part)
    {
        var (front, path) = ImportProfile.Split(part);
        var role = front is null ? null : Names.RoleOf(front);
        if (IsConstant(path))
        {
            fields.Draft.Messages.Add(new EvalMessage(role ?? "user", path[1..]));
            return;
        }

        foreach (var (value, at) in Paths.Find(fields.Record, path).ToList())
        {
            var turns = Conversation.Read(value, at, fields.Draft);
            fields.Draft.Messages.AddRange(role is null || turns.Count != 1 ? turns : turns.Where(turn => turn.Content.Length > 0).Select(turn => turn with { Role = role }));
        }
    }

    /// <summary>Words of ours, where the file has them under another name; other words stay metadata.</summary>
    private static void Common(Fields fields, ImportProfile profile)
    {
        var told = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, path) in new[]
        {
            ("reference", profile.Reference), ("rubric", profile.Rubric), ("claims", profile.Claims), ("subdomain", profile.Subdomain), ("audience", profile.Audience), ("jurisdiction", profile.Jurisdiction),
            ("language", profile.Language), ("risk_tier", profile.Risk),
        })
        {
            if (path is not null && (IsConstant(path) ? JsonSerializer.SerializeToElement(path[1..]) : Paths.First(fields.Record, path)) is { } value)
            {
                told[name] = value;
            }
        }

        if (told.Count > 0)
        {
            var own = new Fields(JsonSerializer.SerializeToElement(told), fields.Draft);
            CommonFields.Read(own);
            own.RestToMeta();
        }

        foreach (var path in profile.Tags ?? [])
        {
            fields.Draft.Tags.AddRange(IsConstant(path) ? [path[1..]] : Paths.Find(fields.Record, path).Select(found => found.Value).Where(tag => tag.ValueKind is JsonValueKind.String or JsonValueKind.Number).Select(tag => tag.ToString()).Where(tag => tag.Length > 0));
        }
    }

    private static IEnumerable<string> Taken(ImportProfile profile) =>
        profile.Prompt.Concat(profile.Response).Select(part => ImportProfile.Split(part).Path)
            .Concat(profile.Tags ?? []).Concat(profile.Ignore ?? [])
            .Concat(new[] { profile.Model, profile.Reference, profile.Rubric, profile.Claims, profile.Subdomain, profile.Audience, profile.Jurisdiction, profile.Language, profile.Risk, profile.ItemId, profile.PromptId, profile.ResponseId }.OfType<string>())
            .Where(path => !IsConstant(path));

    private static string? Text(Fields fields, string? path) => path is null ? null : IsConstant(path) ? path[1..] : Paths.First(fields.Record, path) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } value ? value : null,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    private static bool IsConstant(string path) => path.StartsWith('=');
}
