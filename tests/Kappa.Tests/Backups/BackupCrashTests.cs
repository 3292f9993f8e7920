using Kappa.Backups;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;
using Kappa.Tests.Log;
using Xunit.Abstractions;

namespace Kappa.Tests.Backups;

/// <summary>A process that is killed, and a machine that loses power, at every write of a backup and of a restore.</summary>
public sealed class BackupCrashTests(ITestOutputHelper output) : IDisposable
{
    private const string Target = "/backups/one";
    private const string Restored = "/restored/data";
    private const int Events = 60;
    private readonly string _root = Directory.CreateTempSubdirectory("kappa-backup-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private async Task MakeAsync()
    {
        await using var log = FileLog.Open(Path.Combine(_root, "log"), new LogOptions { Partitions = 2 });
        using var batch = new EventBatch();
        for (var i = 0; i < Events; i++)
            batch.Add($"s{i % 7}", $"{i}");
        await log.AppendAsync(batch);
    }

    private Task<BackupManifest> BackupAsync(SimulatedDisk disk) =>
        Backup.CreateAsync(_root, Target, new BackupOptions(), TimeProvider.System, disk, default);

    [Fact]
    public async Task A_backup_that_was_cut_off_is_none_and_one_that_is_whole_restores()
    {
        await MakeAsync();
        var whole = new SimulatedDisk();
        await BackupAsync(whole);
        output.WriteLine($"{whole.Operations} operations");
        for (var operations = 0; operations < whole.Operations; operations++)
            for (var seed = 0; seed < 4; seed++)
            {
                var disk = new SimulatedDisk();
                disk.CrashAfter(operations, seed);
                var done = await DoneAsync(() => BackupAsync(disk));
                disk = seed == 0 ? disk.Kill() : disk.PowerLoss(seed);
                IReadOnlyList<string> problems;
                try
                {
                    problems = BackupCheck.Run(disk, Target, out _, default);
                }
                catch (BackupException)
                {
                    Assert.False(done, $"operation {operations}, seed {seed}: what was told to be a backup is none");
                    continue;
                }
                Assert.True(problems.Count == 0, $"operation {operations}, seed {seed}: {string.Join(' ', problems)}");
                new BackupRestore(disk, Target, disk, Restored).Run(default);
                await AllThereAsync(disk);
            }
    }

    [Fact]
    public async Task A_restore_that_was_cut_off_leaves_no_log_and_one_that_ended_leaves_everything()
    {
        await MakeAsync();
        var source = new SimulatedDisk();
        await BackupAsync(source);
        var whole = new SimulatedDisk();
        new BackupRestore(source, Target, whole, Restored).Run(default);
        output.WriteLine($"{whole.Operations} operations");
        for (var operations = 0; operations <= whole.Operations; operations++)
            for (var seed = 0; seed < 4; seed++)
            {
                var disk = new SimulatedDisk();
                disk.CrashAfter(operations, seed);
                var done = await DoneAsync(() => Task.FromResult(new BackupRestore(source, Target, disk, Restored).Run(default)));
                disk = seed == 0 ? disk.Kill() : disk.PowerLoss(seed);
                if (!disk.Exists(Restored + "/log/log.json"))
                {
                    Assert.False(done, $"operation {operations}, seed {seed}");
                    continue;
                }
                try
                {
                    await AllThereAsync(disk);
                }
                catch (LogCorruptException)
                {
                    // Its description, the last file, came through in part only: nobody takes that for a log.
                    Assert.False(done, $"operation {operations}, seed {seed}");
                }
            }
    }

    [Fact]
    public async Task A_full_disk_ends_a_restore_and_leaves_nothing()
    {
        await MakeAsync();
        var source = new SimulatedDisk();
        await BackupAsync(source);
        var full = new SimulatedDisk { FullAfterBytes = 500 };
        Assert.Throws<DiskFullException>(() => new BackupRestore(source, Target, full, Restored).Run(default));
        Assert.Empty(FileCopy.Paths(full, Restored));
        full = new SimulatedDisk { FullAfterBytes = 500 };
        await Assert.ThrowsAsync<DiskFullException>(() => BackupAsync(full));
        Assert.Throws<BackupException>(() => BackupCheck.Run(full, Target, out _, default));
    }

    private static async Task<bool> DoneAsync(Func<Task<BackupManifest>> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (SimulatedCrashException)
        {
            return false;
        }
    }

    private static async Task AllThereAsync(SimulatedDisk disk)
    {
        await using var log = FileLog.Open(Restored + "/log", new LogOptions(), disk);
        Assert.All(Enumerable.Range(0, log.PartitionCount), p => Assert.Null(log.Problem(p)));
        Assert.Equal(Enumerable.Range(0, Events), (await log.AllIdsAsync()).Select(int.Parse).Order());
    }
}
