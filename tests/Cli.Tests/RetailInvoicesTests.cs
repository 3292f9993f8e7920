using System.Text;
using Kappa.Cli.Import;

namespace Kappa.Tests;

public sealed class RetailInvoicesTests
{
    private const string Header = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

    private static List<Kappa.Events.CloudEvent> Read(string lines) =>
        [.. RetailInvoices.Events(new StringReader(Header + lines), ShippedViews.Events())];

    [Fact]
    public void Lines_of_one_invoice_become_one_event_at_the_place_and_time_of_the_first()
    {
        var events = Read("""
            1,A,"X, y",2,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
            C2,B,,-1,2010-12-01 08:27:00,1.10,,France
            1,A,"X, y",2,2010-12-01 08:28:00,0,17850.0,United Kingdom

            """);
        Assert.Equal(["1", "C2"], events.Select(one => one.Id));
        Assert.Equal(["customer/17850", "order/C2"], events.Select(one => one.Subject));
        Assert.Equal(["shop.order.placed", "shop.order.cancelled"], events.Select(one => one.Type));
        Assert.Equal(["2010-12-01T08:26:00Z", "2010-12-01T08:27:00Z"], events.Select(one => one.Time));
        Assert.All(events, one => Assert.Equal("/online-retail", one.Source));
        Assert.Equal(
            """{"orderId":"1","customerId":"17850","country":"United Kingdom","currency":"GBP","lines":[{"sku":"A","description":"X, y","quantity":2,"unitPrice":2.55},{"sku":"A","description":"X, y","quantity":2,"unitPrice":0}],"total":5.10}""",
            Encoding.UTF8.GetString(events[0].Data.Span));
        Assert.Equal(
            """{"orderId":"C2","country":"France","currency":"GBP","lines":[{"sku":"B","quantity":-1,"unitPrice":1.10}],"total":-1.10}""",
            Encoding.UTF8.GetString(events[1].Data.Span));
    }

    [Fact]
    public void An_invoice_that_begins_with_A_is_an_adjustment() =>
        Assert.Equal("shop.order.adjusted", Assert.Single(Read("A1,B,Adjust bad debt,1,2011-01-01 00:00:00,-11.5,,\n")).Type);

    [Theory]
    [InlineData("1,A,x,two,2010-12-01 08:26:00,1,,\n", "Line 2: Quantity is 'two'")]
    [InlineData("1,A,x,2,yesterday,1,,\n", "Line 2: InvoiceDate is 'yesterday'")]
    [InlineData("1,A,x,2\n", "Line 2: 4 fields")]
    public void What_does_not_fit_names_its_line(string lines, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => Read(lines)).Message);
}
