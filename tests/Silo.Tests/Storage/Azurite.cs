using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Kappa.Tests.Storage;

/// <summary>The emulator of Blob Storage on loopback, in memory; its npm package is installed when it is first needed.</summary>
internal sealed partial class Azurite : IAsyncDisposable
{
    private const string Account = "kappa";
    private static readonly string _key = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));

    private readonly Process _process;

    private Azurite(Process process, int port)
    {
        _process = process;
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={_key};BlobEndpoint=http://127.0.0.1:{port}/{Account};";
    }

    public string ConnectionString { get; }

    private static string Folder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "OrleansKappa.sln")))
                folder = folder.Parent!;
            return Path.Combine(folder.FullName, "tests", "Silo.Tests", "node");
        }
    }

    /// <summary>Null, and why, where it cannot be had.</summary>
    public static async Task<(Azurite? Azurite, string Why)> StartAsync()
    {
        var script = Path.Combine(Folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");
        if (!File.Exists(script) && await InstallAsync() is { } why)
            return (null, why);
        var process = Run("node", [script, "--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent"]);
        if (process is null)
            return (null, "node does not start");
        var ready = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text && Listening().Match(text) is { Success: true } match)
                ready.TrySetResult(int.Parse(match.Groups[1].Value, null));
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return (new Azurite(process, await ready.Task.WaitAsync(TimeSpan.FromSeconds(60))), "");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<string?> InstallAsync()
    {
        using var npm = Run(OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"]);
        if (npm is null)
            return "npm is not here";
        var (output, errors) = (npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync());
        await npm.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        return npm.ExitCode == 0 ? null : $"npm ci failed: {await output}{await errors}";
    }

    private static Process? Run(string program, string[] arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(program, arguments)
            {
                WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
                Environment = { ["AZURITE_ACCOUNTS"] = $"{Account}:{_key}" },
            });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    [GeneratedRegex(@"listens? (?:on|at) https?://127\.0\.0\.1:(\d+)", RegexOptions.IgnoreCase)]
    private static partial Regex Listening();
}
