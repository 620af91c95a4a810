using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace HealthEval.Tests.Architecture;

/// <summary>The shape of the code, as far as a machine can see it.</summary>
public sealed class SliceTests
{
    private static readonly string[] Slices = ["Audit", "Guidelines", "People", "Projects", "Prompts", "Intake", "Batches", "Tasks", "Annotations", "Agreement", "Quality", "Oversight", "Reports"];
    private static readonly string Api = Path.GetFullPath(Path.Combine(Folder(), "..", "..", "api"));

    [Fact]
    public void A_slice_knows_only_what_is_on_its_left()
    {
        var offences = new List<string>();
        foreach (var file in Sources())
        {
            var position = Array.IndexOf(Slices, SliceOf(file));
            if (position < 0)
            {
                continue;
            }

            var text = File.ReadAllText(file);
            offences.AddRange(Slices[(position + 1)..].Append("Cli").Where(later => Refers(text, later)).Select(later => $"{Relative(file)} refers to {later}"));
        }

        Assert.Empty(offences);
    }

    [Fact]
    public void Storage_knows_no_slice_and_Http_none_either()
    {
        var offences = Sources().Where(file => SliceOf(file) is "Storage" or "Http").SelectMany(file => Slices.Where(slice => Refers(File.ReadAllText(file), slice)).Select(slice => $"{Relative(file)} refers to {slice}"));

        Assert.Empty(offences);
    }

    [Fact]
    public void Statistics_are_pure()
    {
        var offences = Sources().Where(file => Relative(file).StartsWith("Agreement/Statistics/", StringComparison.Ordinal))
            .Where(file => Regex.IsMatch(File.ReadAllText(file), @"using (?!System|HealthEval\.Agreement\.Statistics)|System\.IO|System\.Net|TimeProvider|DateTime|Stopwatch|new Random|Random\.Shared|Environment\.|Console\."))
            .Select(Relative);

        Assert.Empty(offences);
    }

    [Fact]
    public void There_are_two_interfaces()
    {
        var interfaces = Sources().SelectMany(file => Regex.Matches(File.ReadAllText(file), @"\binterface (I\w+)").Select(match => match.Groups[1].Value));

        Assert.Equal(["IDocumentStore", "IFileStore"], interfaces.Order());
    }

    [Fact]
    public void No_file_is_longer_than_300_lines_and_most_are_short()
    {
        var lengths = Sources().Select(file => (File: Relative(file), Lines: File.ReadLines(file).Count())).OrderBy(file => file.Lines).ToList();

        Assert.DoesNotContain(lengths, file => file.Lines > 300);
        Assert.True(lengths[lengths.Count * 9 / 10].Lines <= 225, $"the 90th percentile is {lengths[lengths.Count * 9 / 10]}");
    }

    [Fact]
    public void Program_is_a_table_of_contents() => Assert.True(File.ReadLines(Path.Combine(Api, "Program.cs")).Count() <= 75);

    [Fact]
    public void The_clock_is_always_handed_in()
    {
        var offences = Sources()
            .Where(file => !Relative(file).StartsWith("Storage/Embedded/", StringComparison.Ordinal)) // the age of an abandoned file is measured on the file system's clock
            .Where(file => Regex.IsMatch(File.ReadAllText(file), @"DateTime(Offset)?\.(Utc)?Now\b|DateTime\.Today")).Select(Relative);

        Assert.Empty(offences);
    }

    /// <summary>They are cleaned up after a killed process, and nobody else reads them.</summary>
    [Fact]
    public void Temporary_folders_and_files_are_made_in_one_place() => Assert.Equal(
        ["Storage/Embedded/TempFolders.cs"],
        Sources().Where(file => Regex.IsMatch(File.ReadAllText(file), @"\b(GetTempPath|GetTempFileName|CreateTempSubdirectory)\b")).Select(Relative));

    /// <summary>By using directive, by full name, or by a type's name behind the slice's name (both lie in one parent namespace).</summary>
    private static bool Refers(string text, string slice) =>
        Regex.IsMatch(text, $@"\bHealthEval\.{slice}\b") || Regex.Matches(text, $@"(?<![\w.]){slice}\.(\w+)").Any(match => TypesOf(slice).Contains(match.Groups[1].Value));

    private static HashSet<string> TypesOf(string slice) =>
        [.. Sources().Where(file => SliceOf(file) == slice).SelectMany(file => Regex.Matches(File.ReadAllText(file), @"\b(?:class|record|struct|enum) (?:struct )?(\w+)").Select(match => match.Groups[1].Value))];

    private static string SliceOf(string file) => Relative(file).Split('/')[0];

    private static string Relative(string file) => Path.GetRelativePath(Api, file).Replace('\\', '/');

    internal static IEnumerable<string> Sources() => Directory.EnumerateFiles(Api, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Relative(file).StartsWith("bin/", StringComparison.Ordinal) && !Relative(file).StartsWith("obj/", StringComparison.Ordinal));

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
