using HealthEval.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace HealthEval.Tests.Storage;

public sealed class OwnersOnlyTests
{
    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Nobody_else_on_the_machine_reads_the_data_folder()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no such modes on Windows.");
        using var temp = new TempFolder();
        var folder = Directory.CreateDirectory(temp["data"], (UnixFileMode)0b111_101_101).FullName;
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Storage:DataFolder"] = folder }).Build();

        using var services = new ServiceCollection().AddStorage(settings).BuildServiceProvider();
        services.GetRequiredService<IDocumentStore>();

        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(folder));
        Assert.All([Path.Combine(folder, "healtheval.db"), .. Directory.GetFiles(folder, "healtheval.db-*")], file => Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(file)));
    }
}
