using System.Diagnostics;
using System.Text.Json;

namespace Kappa.Tests;

/// <summary>The real npm SignalR client in a process of its own; see <c>node/watch.mjs</c>.</summary>
internal sealed class NodeWatcher : IAsyncDisposable
{
    private static readonly Lazy<Task> _installed = new(InstallAsync);

    private readonly Process _process;

    private NodeWatcher(Process process) => _process = process;

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

    /// <summary>Calls a stream of the hub; a null argument is passed as null.</summary>
    public static async Task<NodeWatcher> StartAsync(Uri host, string method, params string?[] arguments)
    {
        await _installed.Value;
        return new NodeWatcher(Run("node", ["watch.mjs", host.ToString(), method, .. arguments.Select(argument => argument ?? "-")]));
    }

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

    private static async Task InstallAsync()
    {
        if (Directory.Exists(Path.Combine(Folder, "node_modules", "@microsoft", "signalr")))
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
