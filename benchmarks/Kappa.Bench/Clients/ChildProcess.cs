using System.Diagnostics;
using System.Text.Json;

namespace Kappa.Bench.Clients;

/// <summary>Runs this program once more, as a client; what it measured comes back as one line of JSON.</summary>
internal static class ChildProcess
{
    public static async Task<Dictionary<string, double>> RunAsync(params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(ChildProcess).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<Dictionary<string, double>>(output)!
            : throw new InvalidOperationException($"The client '{string.Join(' ', args)}' ended with exit code {process.ExitCode}.");
    }
}
