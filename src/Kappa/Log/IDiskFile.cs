namespace Kappa.Log;

/// <summary>One open file of an <see cref="IDisk"/>. Reads may run beside a write; there is one writer at a time.</summary>
public interface IDiskFile : IDisposable
{
    long Length { get; }

    /// <summary>Reads until the span is full or the file ends; returns how many bytes.</summary>
    int Read(long offset, Span<byte> into);

    /// <summary>Writes all of the bytes or throws; after a throw any part of them may have been written.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    void SetLength(long length);

    /// <summary>Returns once everything written so far survives a loss of power.</summary>
    void Flush();
}
