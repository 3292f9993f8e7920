namespace Kappa.Bench.Workloads;

/// <summary>Draws customers so that the n-th most frequent one comes 1/n as often as the first.</summary>
internal sealed class ZipfCustomers
{
    private const int FirstId = 1;

    private readonly double[] _cumulated;
    private readonly int[] _ids;

    public ZipfCustomers(int count, Random random)
    {
        _cumulated = new double[count];
        for (var (rank, sum) = (1, 0.0); rank <= count; rank++)
            _cumulated[rank - 1] = sum += 1.0 / rank;
        // Whoever buys much has any id.
        _ids = [.. Enumerable.Range(FirstId, count)];
        random.Shuffle(_ids);
    }

    public int Next(Random random)
    {
        var at = Array.BinarySearch(_cumulated, random.NextDouble() * _cumulated[^1]);
        return _ids[at < 0 ? ~at : at];
    }
}
