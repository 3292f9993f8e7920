using System.Text;
using System.Text.Json;
using Kappa.Events;
using Kappa.Shop;
using Xunit.Abstractions;

namespace Kappa.Tests;

public sealed class OrderDecoderTests(ITestOutputHelper output)
{
    private static readonly EventType _placed = Shipped.Types.Find("shop.order.placed"u8)!;

    private const string Good = """{"orderId":"1","currency":"GBP","lines":[{"sku":"a","quantity":1,"unitPrice":1.5}],"total":1.5}""";

    [Fact]
    public void Random_orders_read_the_same_as_by_the_json_contract()
    {
        const int seed = 20260101;
        output.WriteLine($"seed {seed}");
        var random = new RandomOrder(seed);
        for (var i = 0; i < 5_000; i++)
        {
            var json = Encoding.UTF8.GetBytes(random.Next());
            var expected = JsonSerializer.Deserialize(json, ShopEventsJson.Default.OrderPlaced)!;
            var actual = (OrderPlaced)_placed.Decode(json);
            Assert.Equal(expected.Lines.TotalQuantity, actual.Lines.TotalQuantity);
            Assert.Equal(expected, actual);
            Validate(json);
        }
    }

    [Fact]
    public void A_written_order_reads_back_equal()
    {
        var order = Shipped.Placed("17850", 15.300m, quantity: 6);
        Assert.Equal(order, _placed.Decode(_placed.Encode(order)));
        Assert.Equal("""{"orderId":"o","currency":"GBP","lines":[{"sku":"s","quantity":1,"unitPrice":2.50}],"total":2.50}""",
            Encoding.UTF8.GetString(_placed.Encode(Shipped.Placed(null, 2.50m))));
    }

    [Theory]
    [InlineData("\"orderId\":\"1\",", "", "data.orderId")]
    [InlineData("\"orderId\":\"1\",", "\"orderId\":null,", "data.orderId")]
    [InlineData("\"orderId\":\"1\",", "\"orderId\":1,", "data.orderId")]
    [InlineData("\"orderId\":\"1\",", "\"orderId\":\"1\",\"orderId\":\"2\",", "data.orderId")]
    [InlineData("\"currency\":\"GBP\",", "", "data.currency")]
    [InlineData("\"GBP\",", "\"GBP\",\"customerId\":7,", "data.customerId")]
    [InlineData("\"GBP\",", "\"GBP\",\"country\":[],", "data.country")]
    [InlineData("\"total\":1.5", "\"total\":\"1.5\"", "data.total")]
    [InlineData("\"total\":1.5", "\"total\":1e40", "data.total")]
    [InlineData("\"total\":1.5", "\"total\":0.12345678901234567890123456789", "data.total")]
    [InlineData("\"total\":1.5", "\"x\":1", "data.total")]
    [InlineData("\"lines\":[", "\"lines\":null,\"x\":[", "data.lines")]
    [InlineData("\"lines\":[", "\"lines\":[null,", "data.lines[0]")]
    [InlineData("\"quantity\":1,", "\"quantity\":1.5,", "data.lines[0].quantity")]
    [InlineData("\"quantity\":1,", "", "data.lines[0].quantity")]
    [InlineData("\"quantity\":1,", "\"quantity\":9999999999,", "data.lines[0].quantity")]
    [InlineData("\"sku\":\"a\",", "\"sku\":null,", "data.lines[0].sku")]
    [InlineData("\"sku\":\"a\",", "\"sku\":\"a\",\"description\":{},", "data.lines[0].description")]
    [InlineData("[{", "[{\"sku\":\"z\",\"quantity\":1,\"unitPrice\":1},{", null)]
    [InlineData("1.5}]", "\"1.5\"}]", "data.lines[0].unitPrice")]
    [InlineData("1.5}]", "1.5},{\"sku\":\"b\",\"quantity\":true,\"unitPrice\":1}]", "data.lines[1].quantity")]
    [InlineData("\"GBP\"", "\"\\ud800\"", "data")]
    public void Validation_names_the_field_at_fault(string part, string becomes, string? field)
    {
        var json = Encoding.UTF8.GetBytes(Good.Replace(part, becomes, StringComparison.Ordinal));
        if (field is null)
            Validate(json);
        else
            Assert.Equal(field, Assert.Throws<EventDataException>(() => Validate(json)).Field);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    public void Data_that_is_no_object_is_refused(string json) =>
        Assert.Equal("data", Assert.Throws<EventDataException>(() => Validate(Encoding.UTF8.GetBytes(json))).Field);

    [Fact]
    public void Decoding_an_order_of_another_version_of_its_lines_fails_when_they_are_looked_at()
    {
        var order = (OrderPlaced)_placed.Decode(Encoding.UTF8.GetBytes(Good.Replace("\"sku\":\"a\",", "", StringComparison.Ordinal)));
        Assert.Equal(1, order.Lines.TotalQuantity);
        Assert.Equal("data.lines[0].sku", Assert.Throws<EventDataException>(() => order.Lines.Count).Field);
    }

    [Fact]
    public void Countries_and_currencies_are_one_string_each()
    {
        var json = Encoding.UTF8.GetBytes(Good.Replace("\"GBP\"", "\"GBP\",\"country\":\"United Kingdom\"", StringComparison.Ordinal));
        var (one, other) = ((OrderPlaced)_placed.Decode(json), (OrderPlaced)_placed.Decode(json));
        Assert.Same(one.Currency, other.Currency);
        Assert.Same(one.Country, other.Country);
    }

    [Fact]
    public void Validation_does_not_allocate()
    {
        var json = Encoding.UTF8.GetBytes(Good);
        ValidateOnly(json);
        var before = GC.GetAllocatedBytesForCurrentThread();
        ValidateOnly(json);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static long ValidateOnly(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        _placed.Validate(ref reader);
        return reader.BytesConsumed;
    }

    private static void Validate(byte[] json) => Assert.Equal(json.Length, ValidateOnly(json));
}
