using System.Diagnostics;

namespace Kappa.Tests;

/// <summary>The npm packages that tests hold our answers against, installed when they are first needed.</summary>
internal static class NodePackages
{
    private static readonly Lazy<Task> _installed = new(InstallAsync);

    private static string Folder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "OrleansKappa.sln")))
                folder = folder.Parent!;
            return Path.Combine(folder.FullName, "tests", "Web.Tests", "node");
        }
    }

    /// <summary>Runs one of the scripts in the folder of the packages.</summary>
    public static async Task<Process> StartAsync(string script, params string[] arguments)
    {
        await _installed.Value;
        return Run("node", [script, .. arguments]);
    }

    private static async Task InstallAsync()
    {
        if (new[] { "@microsoft/signalr", "avsc" }.All(package => Directory.Exists(Path.Combine(Folder, "node_modules", package))))
            return;
        using var npm = Run(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"]);
        var (output, errors) = (npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync());
        await npm.WaitForExitAsync();
        if (npm.ExitCode != 0)
            throw new InvalidOperationException($"npm ci failed: {await output}{await errors}");
    }

    private static Process Run(string program, string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        WorkingDirectory = Folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    }) ?? throw new InvalidOperationException($"{program} did not start.");
}
