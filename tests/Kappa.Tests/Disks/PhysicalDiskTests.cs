using Kappa.Log;

namespace Kappa.Tests.Disks;

/// <summary>The machine's own disk keeps the contract of the seam.</summary>
public sealed class PhysicalDiskTests : IDisposable
{
    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("kappa-disk-");
    private readonly PhysicalDisk _disk = PhysicalDisk.Instance;

    public void Dispose() => _place.Delete(recursive: true);

    [Fact]
    public void Files_are_written_read_cut_renamed_and_listed()
    {
        var directory = Path.Combine(_place.FullName, "a", "b");
        _disk.CreateDirectory(directory);
        var path = Path.Combine(directory, "file");
        using (var file = _disk.Open(path))
        {
            file.Write(3, "hello"u8);
            file.Flush();
            Assert.Equal(8, file.Length);
            Span<byte> read = stackalloc byte[20];
            Assert.Equal(5, file.Read(3, read));
            Assert.Equal("hello"u8, read[..5]);
            Assert.Equal(0, file.Read(100, read));
            file.SetLength(5);
            Assert.Equal(5, file.Length);
        }
        _disk.Open(Path.Combine(directory, "B")).Dispose();
        _disk.Rename(path, Path.Combine(directory, "B"));
        _disk.FlushDirectory(directory);
        Assert.Equal(["B"], _disk.Files(directory));
        Assert.Equal(["b"], _disk.Directories(Path.Combine(_place.FullName, "a")));
        Assert.False(_disk.Exists(path));
        Assert.True(_disk.Exists(Path.Combine(directory, "B")));
        _disk.Delete(Path.Combine(directory, "B"));
        _disk.DeleteDirectory(Path.Combine(_place.FullName, "a"));
        _disk.DeleteDirectory(Path.Combine(_place.FullName, "a"));
        Assert.Empty(_disk.Files(directory));
    }

    [Fact]
    public void A_lock_has_one_holder()
    {
        var path = Path.Combine(_place.FullName, "lock");
        using (_disk.Lock(path))
            Assert.Contains($"{Environment.ProcessId}", Assert.Throws<IOException>(() => _disk.Lock(path)).Message, StringComparison.Ordinal);
        _disk.Lock(path).Dispose();
    }

    [Fact]
    public void A_full_disk_is_told_from_other_failures()
    {
        Assert.Throws<DirectoryNotFoundException>(() => _disk.Open(Path.Combine(_place.FullName, "none", "file")));
        if (!OperatingSystem.IsLinux())
            return;
        using var full = _disk.Open("/dev/full");
        Assert.Throws<DiskFullException>(() => full.Write(0, "x"u8));
    }
}
