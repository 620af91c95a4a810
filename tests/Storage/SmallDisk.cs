using System.Diagnostics;

namespace HealthEval.Tests.Storage;

/// <summary>A file system of a few megabytes in memory, to be filled up. Needs root, as in the build's container; elsewhere the test is skipped.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TempFolder _folder = new();

    public SmallDisk(string options)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess && OperatingSystem.IsLinux(), "Mounting a small disk needs root on Linux.");
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", Path), "This machine does not allow mounting a small disk.");
    }

    public string Path => _folder.Path;

    public bool Remount(string options) => Run("mount", "-o", $"remount,{options}", Path);

    public void Dispose()
    {
        Run("umount", "--lazy", Path);
        _folder.Dispose();
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
