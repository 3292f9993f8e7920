using Kappa.Views;

namespace Kappa.Contracts;

/// <summary>Steps that tests of rebuilds have in common.</summary>
public static class BuildSteps
{
    public const int SeededAccounts = 30;

    /// <summary>Both versions of the account view as they ought to be.</summary>
    public static View[] Both() => [new AccountView(), new AveragedAccountView()];

    /// <summary>Thirty accounts with two credits each; of every three, the third sends money to the second.</summary>
    public static async Task SeedAsync(ViewsHost host)
    {
        for (var i = 0; i < SeededAccounts; i++)
        {
            await host.AppendAsync(new Credited($"a{i}", 10 + i, i == 1 ? "Ann" : null), new Credited($"a{i}", 1.50m));
            if (i % 3 == 2)
                await host.AppendAsync(new Transferred($"a{i}", $"a{i - 1}", 2));
        }
        await host.CaughtUpAsync();
    }

    /// <summary>Registers the other versions of the account view, and gives the build of the newest once it is ready beside the one that serves.</summary>
    public static async Task<RebuildInfo> BesideAsync(ViewsHost host, params View[] views)
    {
        await host.RestartAsync(views);
        if ((await host.Rebuilds.ListBuildsAsync("account")).All(one => one.State == RebuildState.Serving))
            await host.Rebuilds.StartAsync("account", null);
        return await ReadyAsync(host);
    }

    /// <summary>The build beside the one that serves, once it is ready.</summary>
    public static async Task<RebuildInfo> ReadyAsync(ViewsHost host)
    {
        using var patience = new CancellationTokenSource(ViewsHost.Patience);
        while (true)
        {
            var build = (await host.Rebuilds.ListBuildsAsync("account")).Single(one => one.State is not (RebuildState.Serving or RebuildState.Previous));
            if (build is { State: RebuildState.Ready, Percent: 100 })
                return build;
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
