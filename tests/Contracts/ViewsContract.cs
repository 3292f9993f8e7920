using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Contracts;

/// <summary>
/// What every engine must do, as its callers see it. A contract is inherited once per engine; it knows nothing of disks, shards,
/// grains or silos, and waits by receipts and watches only.
/// </summary>
public abstract class ViewsContract(ViewsHostMaker maker, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly List<ViewsHost> _opened = [];

    protected ITestOutputHelper Output => output;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var host in _opened)
            await host.DisposeAsync();
    }

    protected Task<ViewsHost> OpenAsync(params View[] views) => OpenAsync(new ViewsHostSettings(), views);

    protected async Task<ViewsHost> OpenAsync(ViewsHostSettings settings, params View[] views)
    {
        var host = await maker.OpenAsync(settings, views);
        _opened.Add(host);
        return host;
    }

    /// <summary>How many events a test takes: as many as it would like, or where that takes too long as few as make sense.</summary>
    protected int Many(int many, int few) => maker.TakesManyEvents ? many : few;

    /// <summary>False, and says so, where the engine cannot be restarted.</summary>
    protected bool CanRestart(ViewsHost host)
    {
        if (!host.CanRestart)
            output.WriteLine("Left out: this engine cannot be restarted over the same log and states.");
        return host.CanRestart;
    }

    /// <summary>Mends the code, in place or by a restart with the right one; false where the engine cannot do that.</summary>
    protected async Task<bool> MendAsync(ViewsHost host, Fault fault, bool restart)
    {
        fault.Mend();
        if (restart && !CanRestart(host))
            return false;
        if (restart)
            await host.RestartAsync();
        return true;
    }

    protected static IAsyncEnumerator<ViewEnvelope> Watch(ViewsHost host, string key, WatchToken? token, WatchMode mode) =>
        host.Views.WatchAsync("account", key, token, mode).GetAsyncEnumerator();

    protected static async Task<T> NextAsync<T>(IAsyncEnumerator<T> watch)
    {
        Assert.True(await watch.MoveNextAsync().AsTask().WaitAsync(ViewsHost.Patience));
        return watch.Current;
    }
}
