using System.Buffers.Text;
using System.Text;

namespace Kappa.Bench.Workloads;

/// <summary>
/// The workload <c>spend</c>: orders of 100,000 customers drawn by Zipf's law with exponent 1, as CloudEvents in JSON of
/// 250 to 300 bytes, in the order of their times, which run over half a year. The same bytes for the same count.
/// </summary>
internal sealed class SpendWorkload
{
    public const int Customers = 100_000;
    public const int EventBytesMin = 250, EventBytesMax = 300;
    private const int Seed = 20101201;

    private static readonly DateTime _start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan _span = TimeSpan.FromDays(181);
    private static readonly string[] _countries = ["UK", "Germany", "France", "Ireland", "Spain", "Netherlands", "Belgium", "Switzerland"];

    private SpendWorkload(int count, byte[] lines, int[] ends)
    {
        (Count, Lines, _ends) = (count, lines, ends);
    }

    private readonly int[] _ends;

    public int Count { get; }

    /// <summary>All events, each followed by a line feed.</summary>
    public byte[] Lines { get; }

    /// <summary>One event without its line feed.</summary>
    public ReadOnlySpan<byte> Event(int index)
    {
        var start = index == 0 ? 0 : _ends[index - 1] + 1;
        return Lines.AsSpan(start, _ends[index] - start);
    }

    /// <summary>The events cut into CloudEvents batches (JSON arrays) of a size.</summary>
    public byte[][] Batches(int eventsEach) => Enumerable.Range(0, (Count + eventsEach - 1) / eventsEach)
        .Select(batch => Batch(batch * eventsEach, Math.Min(eventsEach, Count - batch * eventsEach))).ToArray();

    /// <summary>Reads the workload from the folder's cache, which it fills the first time.</summary>
    public static SpendWorkload Load(int count, string cache)
    {
        var file = Path.Combine(cache, $"spend-{count}.ndjson");
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(cache);
            File.WriteAllBytes(file + ".part", Make(count));
            File.Move(file + ".part", file, overwrite: true);
        }
        var lines = File.ReadAllBytes(file);
        var ends = new int[count];
        for (int i = 0, from = 0; i < count; i++, from = ends[i - 1] + 1)
            ends[i] = from + lines.AsSpan(from).IndexOf((byte)'\n');
        return new SpendWorkload(count, lines, ends);
    }

    private static byte[] Make(int count)
    {
        var random = new Random(Seed);
        var customers = new ZipfCustomers(Customers, random);
        using var lines = new MemoryStream(count * 285);
        for (var i = 0; i < count; i++)
        {
            var line = Line(i, _start + _span * ((double)i / count), customers.Next(random), random);
            if (line.Length is < EventBytesMin or > EventBytesMax)
                throw new InvalidOperationException($"Event {i} has {line.Length} bytes: {line}");
            lines.Write(Encoding.UTF8.GetBytes(line));
            lines.WriteByte((byte)'\n');
        }
        return lines.ToArray();
    }

    private static string Line(int index, DateTime time, int customer, Random random)
    {
        // A second line would not fit into the 300 bytes.
        var (sku, quantity, price) = (random.Next(10_000, 99_999), random.Next(1, 25), random.Next(19, 1500) / 100m);
        var country = _countries[(int)(Math.Pow(random.NextDouble(), 3) * _countries.Length)];
        return FormattableString.Invariant(
            $$$"""{"specversion":"1.0","id":"{{{index}}}","source":"/shop","type":"shop.order.placed","subject":"customer/{{{customer}}}","time":"{{{time:yyyy-MM-ddTHH:mm:ssZ}}}","data":{"orderId":"{{{index + 100_000}}}","customerId":"{{{customer}}}","country":"{{{country}}}","currency":"GBP","lines":[{"sku":"{{{sku}}}","quantity":{{{quantity}}},"unitPrice":{{{price}}}}],"total":{{{quantity * price}}}}}""");
    }

    private byte[] Batch(int first, int count)
    {
        var (start, end) = (first == 0 ? 0 : _ends[first - 1] + 1, _ends[first + count - 1]);
        var batch = new byte[end - start + 2];
        Lines.AsSpan(start, end - start).CopyTo(batch.AsSpan(1));
        batch.AsSpan().Replace((byte)'\n', (byte)',');
        (batch[0], batch[^1]) = ((byte)'[', (byte)']');
        return batch;
    }
}
