using System.Diagnostics;
using System.Text.Json;

namespace Kappa.Tests;

/// <summary>The real npm SignalR client in a process of its own; see <c>node/watch.mjs</c>.</summary>
internal sealed class NodeWatcher : IAsyncDisposable
{
    private readonly Process _process;

    private NodeWatcher(Process process) => _process = process;

    /// <summary>Calls a stream of the hub; a null argument is passed as null.</summary>
    public static async Task<NodeWatcher> StartAsync(Uri host, string method, params string?[] arguments) =>
        new(await NodePackages.StartAsync("watch.mjs", [host.ToString(), method, .. arguments.Select(argument => argument ?? "-")]));

    /// <summary>Drops the connection and makes another.</summary>
    public async Task ReconnectAsync()
    {
        await _process.StandardInput.WriteLineAsync("again");
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The next state; ends of streams are passed over.</summary>
    public async Task<JsonElement> NextAsync()
    {
        while (true)
            if (await NextLineAsync() is var line && !line.TryGetProperty("ended", out _))
                return line;
    }

    /// <summary>The next line: a state, or <c>{"ended":reason}</c>.</summary>
    public async Task<JsonElement> NextLineAsync()
    {
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Post.Patience)
            ?? throw new InvalidOperationException("The client has ended: " + await _process.StandardError.ReadToEndAsync());
        return JsonDocument.Parse(line).RootElement;
    }

    public async Task<List<long>> VersionsUntilAsync(long last)
    {
        var versions = new List<long>();
        while (versions.Count == 0 || versions[^1] < last)
            versions.Add((await NextAsync()).GetProperty("version").GetInt64());
        return versions;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
