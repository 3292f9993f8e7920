namespace Kappa.Events;

/// <summary>
/// Room for what cannot be used as it was sent (unescaped texts, decoded base64), until the event at hand is recorded.
/// Begins in the room that it is given; spans handed out stay good when it moves to the heap.
/// </summary>
internal ref struct Scratch(Span<byte> room)
{
    private const int HeapBytesMin = 4096;

    private Span<byte> _room = room;
    private int _used;

    public Span<byte> Take(int size)
    {
        if (_room.Length - _used < size)
        {
            _room = new byte[Math.Max(size, HeapBytesMin)];
            _used = 0;
        }
        _used += size;
        return _room.Slice(_used - size, size);
    }

    /// <summary>All that was handed out may be overwritten from now on.</summary>
    public void Clear() => _used = 0;
}
