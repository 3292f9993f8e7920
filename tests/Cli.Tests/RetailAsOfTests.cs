using System.Globalization;
using System.Text.Json;
using Kappa.Capture;
using Kappa.Cli.Import;
using Kappa.Engine;
using Kappa.Events;
using Kappa.Log;
using Kappa.Shop;
using Kappa.Views;
using Xunit.Abstractions;

namespace Kappa.Tests;

/// <summary>The real shop's log on a disk, appended over half a year, read as of random moments of it.</summary>
public sealed class RetailAsOfTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("kappa-as-of-");

    public void Dispose() => _data.Delete(recursive: true);

    [Theory]
    [InlineData(31, false)]
    [InlineData(32, true)] // all local segments are gone, and only the capture is left
    public async Task Two_hundred_customers_at_random_times_are_what_their_invoices_up_to_then_make_them(int seed, bool captured)
    {
        if (SharedData.Find("online-retail") is not { } folder)
        {
            output.WriteLine("shared/data/online-retail is missing; nothing was checked");
            return;
        }
        output.WriteLine($"seed {seed}");
        var (random, types) = (new Random(seed), ShippedViews.Events().Seal());
        using var csv = SharedData.OpenGzip(Directory.GetFiles(folder).Single());
        var clock = new SetTime();
        await using var log = FileLog.Open(Path.Combine(_data.FullName, "log"), new LogOptions
        {
            SegmentBytesMax = 1 << 20, DuplicateWindow = 0, Flush = FlushPolicy.Never, Retention = TimeSpan.FromDays(7),
        }, time: clock);
        var invoices = new List<(DateTimeOffset Appended, string? Customer, string Type, string Month, decimal Total)>();
        foreach (var chunk in RetailInvoices.Events(csv, types).Chunk(17))
        {
            using var batch = new EventBatch();
            foreach (var invoice in chunk)
            {
                batch.Add(invoice);
                clock.Now = Time(invoice) > clock.Now ? Time(invoice) : clock.Now;
            }
            await log.AppendAsync(batch);
            // Read from the events' own text, by nobody's decoder.
            foreach (var invoice in chunk)
                using (var data = JsonDocument.Parse(invoice.Data))
                    invoices.Add((clock.Now, data.RootElement.TryGetProperty("customerId", out var id) ? id.GetString() : null, invoice.Type,
                        Time(invoice).ToString("yyyy-MM", CultureInfo.InvariantCulture), data.RootElement.GetProperty("total").GetDecimal()));
        }
        var (first, last) = (invoices[0].Appended.UtcTicks, invoices[^1].Appended.UtcTicks);
        clock.Now = clock.Now.AddDays(30);
        var reader = captured ? await RetireAllAsync(log, clock) : log;
        var customers = invoices.Select(invoice => invoice.Customer).OfType<string>().Distinct().ToList();

        var engine = Open();
        var clockOnWall = System.Diagnostics.Stopwatch.StartNew();
        for (var read = 0; read < 200; read++)
        {
            if (read == 100)
            {
                await engine.DisposeAsync();
                engine = Open();
            }
            var (customer, at) = (customers[random.Next(customers.Count)], new DateTimeOffset(random.NextInt64(first, last), TimeSpan.Zero));
            var then = invoices.Where(invoice => invoice.Customer == customer && invoice.Appended <= at && invoice.Type != "shop.order.adjusted").ToList();
            var result = await engine.ReadAtAsync("customer-spend", customer, AsOf.At(at), TimeSpan.FromSeconds(60));
            Assert.Equal(then.Count == 0 ? ReadStatus.NotFound : ReadStatus.Found, result.Status);
            if (then.Count == 0)
                continue;
            using var state = JsonDocument.Parse(result.Envelope!.State);
            Assert.Equal((then.Count, then.Sum(invoice => invoice.Total)), ((int)result.Envelope.Version, state.RootElement.GetProperty("total").GetDecimal()));
            Assert.Equal(
                then.GroupBy(invoice => invoice.Month).OrderBy(month => month.Key, StringComparer.Ordinal)
                    .Select(month => (month.Key, month.Count(one => one.Type == "shop.order.placed"), month.Count(one => one.Type == "shop.order.cancelled"), month.Sum(one => one.Total))),
                state.RootElement.GetProperty("months").EnumerateArray().Select(month => (month.GetProperty("month").GetString()!,
                    month.GetProperty("orders").GetInt32(), month.GetProperty("cancellations").GetInt32(), month.GetProperty("total").GetDecimal())));
        }
        output.WriteLine($"{clockOnWall.Elapsed.TotalMilliseconds / 200:0.0} ms a read, all in all");
        await engine.DisposeAsync();

        static DateTimeOffset Time(CloudEvent invoice) => DateTimeOffset.Parse(invoice.Time!, CultureInfo.InvariantCulture);
        ViewEngine Open() => ViewEngine.Open(reader, types, [new CustomerSpendView()], Path.Combine(_data.FullName, "views"), time: clock);
    }

    private async Task<ILogReader> RetireAllAsync(FileLog log, TimeProvider clock)
    {
        var options = new CaptureOptions { BytesMax = 1 << 20 };
        var store = new DirectoryCaptureStore(Path.Combine(_data.FullName, "capture"));
        var captured = await CapturedLog.OpenAsync(store, log, options);
        Assert.Empty((await new LogCapture(log, captured, store, options, clock).CaptureAllAsync()).Problems);
        for (var partition = 0; partition < log.PartitionCount; partition++)
            Assert.Equal(log.Next(partition), log.First(partition));
        return new TieredLog(log, captured);
    }

    /// <summary>A clock that shows what it is set to.</summary>
    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2010, 12, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
