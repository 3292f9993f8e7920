namespace Kappa.Log;

/// <summary>Tells where marked events came to stand. Implemented by logs whose receipts carry <see cref="Receipt.Marks"/>.</summary>
public interface IAppendMarks
{
    /// <summary>
    /// Completes once the events of the mark can be read, with the sequence behind the last of them. Waits for as long as
    /// they have not been seen, so give it an end by cancelling.
    /// </summary>
    ValueTask<long> ResolveAsync(AppendMark mark, CancellationToken cancellationToken = default);
}
