using System.Diagnostics;
using System.Reflection;
using Kappa.Web.Hosting;

namespace Kappa.Tests;

/// <summary>A host as a process of its own, as its users run it, so that it can be killed.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);
    private readonly Process _process;

    private HostProcess(Process process, Uri address)
    {
        _process = process;
        Client = new HttpClient { BaseAddress = address, Timeout = _patience };
    }

    public HttpClient Client { get; }

    /// <summary>Starts the embedded host on a free port; returns once it says where it listens.</summary>
    public static Task<HostProcess> StartAsync(string data, params string[] args) => StartAsync(typeof(KappaHost).Assembly, data, args);

    /// <summary>Starts a host on a free port; returns once it says where it listens.</summary>
    public static async Task<HostProcess> StartAsync(Assembly host, string data, params string[] args)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet",
            [host.Location, "--urls", "http://127.0.0.1:0", "--Kappa:Data", data, .. args])
        {
            RedirectStandardOutput = true,
        })!;
        using var late = new CancellationTokenSource(_patience);
        while (await process.StandardOutput.ReadLineAsync(late.Token) is { } line)
            if (line.IndexOf("Listening on ", StringComparison.Ordinal) is var at and >= 0)
            {
                // Nobody reads on: what the host says later must not fill the pipe and stop it.
                _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return new HostProcess(process, new Uri(line[(at + "Listening on ".Length)..].Split(' ')[0].TrimEnd('.')));
            }
        throw new InvalidOperationException("The host ended before it listened.");
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(_patience);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
