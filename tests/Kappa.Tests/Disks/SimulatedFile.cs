using Kappa.Log;

namespace Kappa.Tests.Disks;

/// <summary>An open file of a <see cref="SimulatedDisk"/>.</summary>
internal sealed class SimulatedFile(SimulatedDisk disk, string path, SimulatedNode node) : IDiskFile
{
    private bool _disposed;

    public long Length => disk.Read(() => Alive().Now.Length);

    public int Read(long offset, Span<byte> into)
    {
        lock (disk.Gate)
        {
            disk.ThrowIfCrashed();
            var bytes = Alive().Now.Span;
            var count = (int)Math.Clamp(bytes.Length - offset, 0, into.Length);
            bytes.Slice(count == 0 ? 0 : (int)offset, count).CopyTo(into);
            return count;
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        lock (disk.Gate)
            disk.Write(path, Alive(), offset, bytes);
    }

    public void SetLength(long length) => disk.Change(DiskOperation.SetLength, path, () => Alive().SetLength(length));

    public void Flush() => disk.Change(DiskOperation.Flush, path, () => Alive().Flush());

    public void Dispose() => _disposed = true;

    private SimulatedNode Alive()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return node;
    }
}
