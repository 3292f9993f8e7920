using Kappa.Contracts;
using Kappa.Tests.Disks;
using Kappa.Views;

namespace Kappa.Tests.Engine;

/// <summary>Invariants 1, 3 and 4 for the views' stores: a crash at every single write of a scripted run.</summary>
public sealed class CrashTests(Xunit.Abstractions.ITestOutputHelper output)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_a_crash_at_any_write_views_hold_each_event_once_and_equal_a_fold_from_scratch(bool powerLoss)
    {
        var operations = await RunAsync(long.MaxValue, 0, powerLoss);
        output.WriteLine($"{operations} operations");
        Assert.True(operations > 30);
        for (var at = 0L; at < operations + 2; at++)
            await RunAsync(at, (int)at + 1, powerLoss);
    }

    private static async Task<long> RunAsync(long crashAt, int seed, bool powerLoss)
    {
        await using var harness = new EngineHarness();
        await harness.Engine.DisposeAsync();
        harness.Disk = new SimulatedDisk();
        if (crashAt < long.MaxValue)
            harness.Disk.CrashAfter(crashAt, seed);
        try
        {
            await ScriptAsync(harness);
        }
        catch (Exception e) when (e is SimulatedCrashException or ViewFailedException or EngineStoppedException || e.InnerException is SimulatedCrashException)
        {
            // The machine is down; what counts is what comes up again.
        }
        await harness.Engine.DisposeAsync();
        var operations = harness.Disk.Operations;
        harness.Disk = powerLoss ? harness.Disk.PowerLoss(seed) : harness.Disk.Kill();
        await harness.RestartAsync(new AccountView(note => note == "bad"));
        // The script may have been cut anywhere; the rest is appended now.
        await AppendAsync(harness, 40);
        await harness.CaughtUpAsync();
        Assert.True((await harness.Engine.AuditAsync("account")) is { Problems.Count: <= 1 } audit && audit.Routed == audit.Applied + audit.Held);
        await harness.RestartAsync(new AccountView());
        await harness.Engine.RetryAsync("account", "q");
        await NaiveAccounts.MustBeServedAsync(harness);
        return operations;
    }

    private static async Task ScriptAsync(EngineHarness harness)
    {
        await harness.RestartAsync(new AccountView(note => note == "bad"));
        await AppendAsync(harness, 40);
        await SettledAsync(harness);
        await harness.AppendAsync(new Credited("q", 1), new Credited("q", 2, "bad"), new Credited("q", 4));
        await SettledAsync(harness);
        await harness.RestartAsync(new AccountView(note => note == "bad"));
        await AppendAsync(harness, 40);
        await SettledAsync(harness);
        await harness.Engine.RetryAsync("account", "q");
    }

    /// <summary>Caught up, or found to have crashed.</summary>
    private static async Task SettledAsync(EngineHarness harness)
    {
        await harness.CaughtUpAsync();
        if (harness.Disk.Crashed)
            throw new SimulatedCrashException();
    }

    private static async Task AppendAsync(EngineHarness harness, int events)
    {
        for (var i = 0; i < events / 4; i++)
            await harness.AppendAsync(new Credited($"k{i % 7}", i), new Transferred($"k{i % 5}", $"k{i % 3}", 1),
                new Credited($"k{i % 2}", 1, $"owner {i}"), new Credited($"k{i % 11}", 2));
    }
}
