using System.Diagnostics;
using System.Text.Json;
using Kappa.Bench.Workloads;

namespace Kappa.Bench.Measures;

/// <summary>
/// The yardstick: one thread reads the newline-delimited events from memory with <see cref="Utf8JsonReader"/> and folds
/// customer and month totals into a dictionary. No log, no durability, no routing, no serving; what this machine can do.
/// </summary>
internal static class FoldLimit
{
    /// <summary>One pass: events per second, the share of a processor that its thread got, and the sum as a check.</summary>
    public static (double EventsPerSecond, double ProcessorShare, decimal Total) Measure(SpendWorkload workload)
    {
        var processor = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var customers = Fold(workload.Lines);
        clock.Stop();
        return (workload.Count / clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor) / clock.Elapsed,
            customers.Values.Sum(customer => customer.Total));
    }

    private static Dictionary<byte[], Customer> Fold(ReadOnlySpan<byte> lines)
    {
        var customers = new Dictionary<byte[], Customer>(Utf8Keys.Instance);
        var find = customers.GetAlternateLookup<ReadOnlySpan<byte>>();
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf((byte)'\n');
            var reader = new Utf8JsonReader(lines[..end]);
            lines = lines[(end + 1)..];

            ReadOnlySpan<byte> customerId = default;
            var (month, total, isOrder) = (0, 0m, false);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("data"u8))
                    customerId = ReadOrder(ref reader, ref total);
                else if (reader.ValueTextEquals("time"u8))
                {
                    reader.Read();
                    month = Month(reader.ValueSpan);
                }
                else if (reader.ValueTextEquals("type"u8))
                {
                    reader.Read();
                    isOrder = reader.ValueTextEquals("shop.order.placed"u8);
                }
                else
                    reader.Skip();
            }
            if (!isOrder)
                continue;
            if (!find.TryGetValue(customerId, out var customer))
                customers[customerId.ToArray()] = customer = new Customer();
            customer.Add(month, total);
        }
        return customers;
    }

    private static ReadOnlySpan<byte> ReadOrder(scoped ref Utf8JsonReader reader, scoped ref decimal total)
    {
        ReadOnlySpan<byte> customerId = default;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            if (reader.ValueTextEquals("customerId"u8))
            {
                reader.Read();
                customerId = reader.ValueSpan;
            }
            else if (reader.ValueTextEquals("total"u8))
            {
                reader.Read();
                total = reader.GetDecimal();
            }
            else
                reader.Skip();
        return customerId;
    }

    // yyyy-MM as a number.
    private static int Month(ReadOnlySpan<byte> time) =>
        ((time[0] * 10 + time[1]) * 10 + time[2]) * 1000 + (time[3] * 10 + time[5]) * 10 + time[6];

    private sealed class Customer
    {
        private readonly List<(int Month, decimal Total)> _months = [];

        public decimal Total { get; private set; }

        public void Add(int month, decimal total)
        {
            Total += total;
            // Times ascend, so it is nearly always the last one.
            for (var i = _months.Count - 1; i >= 0; i--)
                if (_months[i].Month == month)
                {
                    _months[i] = (month, _months[i].Total + total);
                    return;
                }
            _months.Add((month, total));
        }
    }
}
