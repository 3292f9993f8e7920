using System.Text;
using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Tests.Events;

public sealed class EventTypesTests
{
    [Fact]
    public void An_old_version_is_lifted_before_a_view_sees_it()
    {
        var types = SampleEvents.Types();
        var router = new ViewRouter<SampleTotals>(new SampleView(), types);
        var read = Reading.Batch("""
            [{"specversion":"1.0","id":"1","source":"/s","type":"sample.order","data":{"orderId":"o1","customer":"c","total":1.50}},
             {"specversion":"1.0","id":"2","source":"/s","type":"sample.order.v2","data":{"orderId":"o2","customer":"c","total":2,"currency":"EUR"}}]
            """);

        var state = SampleTotals.Start("c");
        for (var i = 0; i < 2; i++)
        {
            var recorded = new RecordedEvent(read.Records[i], new Position(0, i), 0);
            var keys = new RoutedKeys();
            var route = router.Route(recorded, ref keys);
            Assert.Equal("c", keys[0]);
            state = route.Handler.Fold(state!, route.Decoded!, new EventContext(recorded, "c"));
        }
        Assert.Equal(["1.50 GBP", "2 EUR"], state!.Totals);
    }

    [Fact]
    public void Versions_have_their_own_wire_names()
    {
        var types = SampleEvents.Types().Seal();
        Assert.Equal(["sample.order", "sample.order.v2"], types.All.Select(type => type.WireName));
        Assert.Same(types.Of(typeof(SampleOrder)), types.Find("sample.order"u8)!.Newest);
        Assert.Same(types.Of(typeof(SampleOrder)), types.Find("sample.order.v2"u8)!.Newest);
        Assert.Null(types.Find("sample.order.v3"u8));
        Assert.Null(types.Find(""u8));
    }

    [Fact]
    public void A_record_made_in_code_carries_the_wire_name_of_its_version()
    {
        var made = CloudEvent.Of(SampleEvents.Types(), new SampleOrder("o1", "c1", 1.5m, "GBP"), "1", "/s", "customer/c1", new DateTimeOffset(2026, 11, 21, 10, 12, 0, TimeSpan.Zero));
        Assert.Equal(("sample.order.v2", "2026-11-21T10:12:00Z"), (made.Type, made.Time));
        Assert.Equal("""{"orderId":"o1","customer":"c1","total":1.5,"currency":"GBP"}""", Encoding.UTF8.GetString(made.Data.Span));
    }

    [Fact]
    public void A_registration_that_cannot_be_right_fails_at_start_with_its_name()
    {
        Fails("sample.order", () => new EventTypes().Add("sample.order", SampleJson.Default.SampleOrder).Add("sample.order", SampleJson.Default.SampleOrderV1));
        Fails("sample.order.v2", () => SampleEvents.Types().Add("sample.order.v2", SampleJson.Default.SampleTotals));
        Fails(nameof(SampleOrder), () => new EventTypes().Add("a", SampleJson.Default.SampleOrder).Add("b", SampleJson.Default.SampleOrder));
        Fails("sample.order has no version 1", () => new EventTypes().Add("sample.order", SampleJson.Default.SampleOrder, version: 2).Seal());
        Fails("sample.order has no upcaster", () => new EventTypes()
            .Add("sample.order", SampleJson.Default.SampleOrderV1).Add("sample.order", SampleJson.Default.SampleOrder, version: 2).Seal());
        Fails("two upcasters", () => SampleEvents.Types().Upcast<SampleOrderV1, SampleOrder>(_ => null!));
        Fails("does not", () => SampleEvents.Types().Upcast<SampleOrder, SampleOrderV1>(_ => null!));
        Fails(nameof(SampleTotals), () => SampleEvents.Types().Upcast<SampleOrder, SampleTotals>(_ => null!));
        Fails("in use", () => SampleEvents.Types().Seal().Add("late", SampleJson.Default.SampleTotals));
        Fails(nameof(SampleTotals), () => SampleEvents.Types().Of(typeof(SampleTotals)));
        Fails(nameof(SampleOrder), () => _ = new ViewRouter<SampleTotals>(new SampleView(), new EventTypes()));
        Fails(nameof(SampleOrderV1), () => _ = new ViewRouter<SampleTotals>(new OldSampleView(), SampleEvents.Types()));
    }

    private static void Fails(string name, Action register) =>
        Assert.Contains(name, Assert.Throws<InvalidOperationException>(register).Message, StringComparison.Ordinal);
}
