namespace Kappa.Capture;

/// <summary>A file that is being written. Disposed before it is complete, it never was.</summary>
public interface ICaptureUpload : IAsyncDisposable
{
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default);

    /// <summary>Makes the file durable and visible, in one step: a crash leaves all of it or nothing.</summary>
    ValueTask CompleteAsync(CancellationToken cancellationToken = default);
}
