using Kappa.Silo.Storage;
using Kappa.Tests.Disks;
using Xunit.Abstractions;

namespace Kappa.Tests.Storage;

/// <summary>What a process without Azure keeps of its grains: whatever happens to the file, a beginning of what was written.</summary>
public sealed class DocumentFileTests(ITestOutputHelper output)
{
    [Fact]
    public void A_document_is_written_only_over_the_one_that_was_read()
    {
        var disk = new SimulatedDisk();
        using var file = DocumentFile.Open("/d", disk);
        var first = file.Write("a", [1], 0);
        Assert.Equal(0, file.Write("a", [2], 0));
        var second = file.Write("a", [2, 2], first);
        Assert.Equal(0, file.Write("a", [3], first));
        Assert.Equal([2, 2], file.Read("a")!.Value.Bytes);
        file.Delete("a");
        Assert.Null(file.Read("a"));
        Assert.Equal(0, file.Write("a", [4], second));
        Assert.NotEqual(0, file.Write("a", [4], 0));
    }

    [Fact]
    public void A_second_process_is_refused()
    {
        var disk = new SimulatedDisk();
        using var file = DocumentFile.Open("/d", disk);
        Assert.ThrowsAny<IOException>(() => DocumentFile.Open("/d", disk));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_crash_at_any_operation_there_is_a_beginning_of_what_was_written(bool powerLoss)
    {
        const int seed = 5, writes = 80;
        output.WriteLine($"seed {seed}");
        var models = Models(seed, writes);
        for (var crashAt = 0; ; crashAt++)
        {
            var disk = new SimulatedDisk();
            disk.CrashAfter(crashAt, seed + crashAt);
            var done = 0;
            try
            {
                // Opened twice on the way, with a low bound, so that it is rewritten and crashes there too.
                for (var part = 0; part < 2; part++)
                {
                    using var file = DocumentFile.Open("/d", disk, compactBytesMin: 256);
                    for (; done < (part + 1) * writes / 2; done++)
                        Step(file, seed, done);
                }
            }
            catch (SimulatedCrashException)
            {
                // What the test is about.
            }
            var crashed = disk.Crashed;
            using var after = DocumentFile.Open("/d", powerLoss ? disk.PowerLoss(seed + crashAt) : disk.Kill(), compactBytesMin: 256);
            var found = Enumerable.Range(0, 8).ToDictionary(n => $"n{n}", n => after.Read($"n{n}")?.Bytes is { } bytes ? Convert.ToHexString(bytes) : "none");
            var at = models.FindLastIndex(model => model.All(one => found[one.Key] == one.Value));
            Assert.True(at >= 0, $"after a crash at {crashAt} there is what never was");
            if (!powerLoss)
                Assert.True(at >= done, $"after a crash at {crashAt} only {at} of {done} writes are there");
            Assert.NotEqual(0, after.Write("more", [1], after.Read("more")?.Etag ?? 0));
            if (!crashed)
                return;
        }
    }

    [Fact]
    public void A_flipped_bit_ends_the_file_there()
    {
        var disk = new SimulatedDisk();
        long second;
        using (var file = DocumentFile.Open("/d", disk))
        {
            file.Write("a", [1], 0);
            using (var look = disk.Open("/d/documents.log"))
                second = look.Length;
            file.Write("b", [2], 0);
        }
        using (var raw = disk.Open("/d/documents.log"))
        {
            var one = new byte[1];
            raw.Read(second + 9, one);
            one[0] ^= 4;
            raw.Write(second + 9, one);
        }
        using var after = DocumentFile.Open("/d", disk);
        Assert.Equal([1], after.Read("a")!.Value.Bytes);
        Assert.Null(after.Read("b"));
    }

    /// <summary>What the documents are before the first write, after it, after the second…</summary>
    private static List<Dictionary<string, string>> Models(int seed, int writes)
    {
        using var file = DocumentFile.Open("/m", new SimulatedDisk());
        var models = new List<Dictionary<string, string>>();
        for (var step = 0; step <= writes; step++)
        {
            models.Add(Enumerable.Range(0, 8).ToDictionary(n => $"n{n}", n => file.Read($"n{n}")?.Bytes is { } bytes ? Convert.ToHexString(bytes) : "none"));
            Step(file, seed, step);
        }
        return models;
    }

    private static void Step(DocumentFile file, int seed, int step)
    {
        var random = new Random(seed * 1000 + step);
        var name = $"n{random.Next(8)}";
        if (random.Next(5) == 0)
            file.Delete(name);
        else
        {
            var bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            Assert.NotEqual(0, file.Write(name, bytes, file.Read(name)?.Etag ?? 0));
        }
    }
}
