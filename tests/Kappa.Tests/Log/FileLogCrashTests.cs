using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Log;

/// <summary>A scripted run that crashes at every write, flush, truncation and renaming in turn: what was acknowledged is there, once.</summary>
public sealed class FileLogCrashTests
{
    private const string Place = "/data/log";
    private const int Appends = 14;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public Task After_a_power_loss_at_any_operation_all_that_was_acknowledged_is_there_once(int seed) =>
        AtEveryOperationAsync(FlushPolicy.EveryAppend, seed, (disk, fate) => disk.PowerLoss(fate));

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public Task After_a_kill_and_then_a_power_loss_too(int seed) =>
        AtEveryOperationAsync(FlushPolicy.EveryAppend, seed, (disk, fate) => disk.Kill(), (disk, fate) => disk.PowerLoss(fate));

    [Theory]
    [InlineData(FlushPolicy.EveryAppend)]
    [InlineData(FlushPolicy.Never)]
    public Task After_a_kill_at_any_operation_all_that_was_acknowledged_is_there_once(FlushPolicy flush) =>
        AtEveryOperationAsync(flush, 6, (disk, _) => disk.Kill());

    [Fact]
    public async Task Without_flushes_a_power_loss_leaves_whole_appends_without_holes()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var disk = new SimulatedDisk();
            var run = new ScriptedRun(disk, FlushPolicy.Never, seed);
            await run.RunAsync(Appends);
            disk = disk.PowerLoss(seed);
            await using var log = FileLog.Open(Place, ScriptedRun.Options(FlushPolicy.Never), disk);
            await run.CheckAsync(log, acknowledgedAreThere: false);
        }
    }

    private static async Task AtEveryOperationAsync(FlushPolicy flush, int seed, params Func<SimulatedDisk, int, SimulatedDisk>[] crashes)
    {
        var untroubled = new SimulatedDisk();
        await new ScriptedRun(untroubled, flush, seed).RunAsync(Appends);
        for (var operations = 0L; operations < untroubled.Operations; operations++)
        {
            var disk = new SimulatedDisk();
            disk.CrashAfter(operations, seed);
            var run = new ScriptedRun(disk, flush, seed);
            await run.RunAsync(Appends);
            Assert.True(disk.Crashed);
            FileLog? log = null;
            foreach (var crash in crashes)
            {
                // The log is still open when the next crash comes: nothing may rest on its being closed.
                disk = crash(disk, seed * 1000 + (int)operations);
                if (log is not null)
                    await log.DisposeAsync();
                log = FileLog.Open(Place, ScriptedRun.Options(flush), disk);
                await run.CheckAsync(log, acknowledgedAreThere: true, $"seed {seed}, operation {operations}");
                // Appends go on; whatever was not acknowledged is sent again.
                await run.RepeatAsync(log);
                await run.CheckAsync(log, acknowledgedAreThere: true, $"seed {seed}, operation {operations}, repeated");
            }
            await log!.DisposeAsync();
        }
    }
}
