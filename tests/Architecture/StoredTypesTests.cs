using System.Reflection;
using System.Text.RegularExpressions;

namespace HealthEval.Tests.Architecture;

/// <summary>What is stored can be read back: a list with entries that are null is written as it is, and refused when it is read.</summary>
public sealed class StoredTypesTests
{
    private static readonly NullabilityInfoContext Nullability = new();

    [Fact]
    public void No_document_has_a_list_with_entries_that_may_be_null()
    {
        var offences = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<Type>();
        var stored = Stored().ToList();
        stored.ForEach(type => Look(type, seen, offences));

        Assert.InRange(stored.Count, 15, 60);
        Assert.Contains(typeof(HealthEval.Intake.RubricCriterion), seen);
        Assert.Empty(offences);
    }

    [Fact]
    public void Such_a_list_would_be_found()
    {
        var offences = new SortedSet<string>(StringComparer.Ordinal);
        Look(typeof(Holey), [], offences);

        Assert.Equal(["Hole.Texts"], offences);
    }

    private sealed record Holey(IReadOnlyList<Hole> Holes, IReadOnlyList<double?> Numbers);

    private sealed record Hole(IReadOnlyList<string?> Texts);

    /// <summary>Everything that the program asks a document store for.</summary>
    private static IEnumerable<Type> Stored()
    {
        var types = typeof(Program).Assembly.GetTypes().ToLookup(type => type.Name);
        return SliceTests.Sources()
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), @"\b(?:FindAsync|QueryAsync|AllAsync)<(\w+)>\("))
            .Select(match => match.Groups[1].Value).Distinct().SelectMany(name => types[name]);
    }

    private static void Look(Type type, HashSet<Type> seen, SortedSet<string> offences)
    {
        if (!seen.Add(type))
        {
            return;
        }

        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0))
        {
            Look(Nullability.Create(property), $"{type.Name}.{property.Name}", seen, offences);
        }
    }

    private static void Look(NullabilityInfo info, string path, HashSet<Type> seen, SortedSet<string> offences)
    {
        if (info.Type.IsGenericType && info.Type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && !info.GenericTypeArguments[0].Type.IsValueType && info.GenericTypeArguments[0].ReadState is NullabilityState.Nullable)
        {
            offences.Add(path);
        }

        foreach (var argument in info.GenericTypeArguments)
        {
            Look(argument, path, seen, offences);
        }

        if (info.Type.Assembly != typeof(object).Assembly && !info.Type.IsGenericType && !info.Type.IsEnum && info.Type.Namespace?.StartsWith("HealthEval", StringComparison.Ordinal) == true)
        {
            Look(info.Type, seen, offences);
        }
    }
}
