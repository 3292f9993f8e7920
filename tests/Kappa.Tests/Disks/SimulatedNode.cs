namespace Kappa.Tests.Disks;

/// <summary>A file's content: as the process sees it, as the device has it, and the changes between the two, in order.</summary>
internal sealed class SimulatedNode
{
    private const int SectorBytes = 512;

    private readonly List<(long Offset, byte[]? Bytes)> _pending = [];
    private SimulatedBytes _device = new();

    public SimulatedBytes Now { get; private set; } = new();

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        _pending.Add((offset, bytes.ToArray()));
        Now.Write(offset, bytes);
    }

    public void SetLength(long length)
    {
        _pending.Add((length, null));
        Now.SetLength(length);
    }

    public void Flush()
    {
        foreach (var change in _pending)
            Apply(_device, change);
        _pending.Clear();
    }

    /// <summary>The bit is wrong on the device, not just in memory.</summary>
    public void Flip(long offset, int bit)
    {
        Flush();
        _device.Flip(offset, bit);
        Now.Flip(offset, bit);
    }

    public SimulatedNode Copy()
    {
        var copy = new SimulatedNode { _device = _device.Copy(), Now = Now.Copy() };
        copy._pending.AddRange(_pending);
        return copy;
    }

    /// <summary>The content after a loss of power: of what was not flushed all, nothing, or any sectors survive, in any order.</summary>
    public SimulatedNode AfterPowerLoss(Random random)
    {
        var left = _device.Copy();
        var fate = random.Next(4);
        foreach (var change in _pending)
        {
            if (fate == 0 || fate == 1 && random.Next(2) == 0)
                continue;
            if (fate == 3 || change.Bytes is null)
                Apply(left, change);
            else
                Tear(left, change.Offset, change.Bytes, random);
        }
        return new SimulatedNode { _device = left, Now = left.Copy() };
    }

    private static void Tear(SimulatedBytes left, long offset, byte[] bytes, Random random)
    {
        if (random.Next(3) == 0)
        {
            left.Write(offset, bytes.AsSpan(0, random.Next(bytes.Length + 1)));
            return;
        }
        for (var at = 0; at < bytes.Length;)
        {
            var sector = (int)Math.Min(SectorBytes - (offset + at) % SectorBytes, bytes.Length - at);
            if (random.Next(2) == 0)
                left.Write(offset + at, bytes.AsSpan(at, sector));
            at += sector;
        }
    }

    private static void Apply(SimulatedBytes to, (long Offset, byte[]? Bytes) change)
    {
        if (change.Bytes is null)
            to.SetLength(change.Offset);
        else
            to.Write(change.Offset, change.Bytes);
    }
}
