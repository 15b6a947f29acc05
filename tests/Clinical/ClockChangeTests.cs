using FsCheck;
using FsCheck.Fluent;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

/// <summary>The two weeks of 2026 in which London's clocks change, in the practice's time and in a viewer's.</summary>
public sealed class ClockChangeTests
{
    private static readonly DateOnly[] Sundays = [new(2026, 3, 29), new(2026, 10, 25)];
    private static readonly PracticeTime London = PracticeTime.For("Europe/London");

    [Fact]
    public void No_slot_of_a_clinic_vanishes_doubles_or_moves_and_each_lasts_as_long_as_it_says()
    {
        var clinics = from sunday in Gen.Elements(Sundays)
                      from minute in Gen.Choose(0, (7 * 24 * 12) - 1)
                      from duration in Gen.Elements(5, 10, 15, 20, 30, 45, 60)
                      from count in Gen.Choose(1, 60)
                      from viewer in Gen.Elements("Europe/London", "America/New_York", "Europe/Warsaw", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")
                      select (Sunday: sunday, Minute: minute * 5, Duration: duration, Count: count, Viewer: viewer);

        Prop.ForAll(clinics.ToArbitrary(), drawn =>
        {
            var start = London.BoundsOf(drawn.Sunday.AddDays(-3)).Start.AddMinutes(drawn.Minute);
            var length = TimeSpan.FromMinutes(drawn.Duration);
            var slots = Published(start, drawn.Duration, start + (drawn.Count * length));
            return slots.Count == drawn.Count
                && slots.Index().All(row => row.Item.Start == start + (row.Index * length) && row.Item.End - row.Item.Start == length)
                && slots.All(slot => London.BoundsOf(slot.Day) is var (from, to) && from <= slot.Start && slot.Start < to && slot.Day == London.DayOf(slot.Start))
                && IsShownTruly(slots, London) && IsShownTruly(slots, PracticeTime.For(drawn.Viewer));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Fact]
    public void Every_quarter_of_an_hour_on_the_wall_is_found_again_and_only_the_skipped_hour_moves_on()
    {
        foreach (var sunday in Sundays)
        {
            for (var wall = sunday.AddDays(-3).ToDateTime(TimeOnly.MinValue); wall < sunday.AddDays(4).ToDateTime(TimeOnly.MinValue); wall = wall.AddMinutes(15))
            {
                var instant = London.At(DateOnly.FromDateTime(wall), TimeOnly.FromDateTime(wall));
                var skipped = sunday.Month == 3 && DateOnly.FromDateTime(wall) == sunday && wall.Hour == 1;

                Assert.Equal(skipped ? wall.AddHours(1) : wall, London.ToLocal(instant).DateTime);
                Assert.Equal(instant, London.ToLocal(instant));
            }
        }
    }

    /// <summary>The same instants, each a time of its own with the zone's offset, in the same order, as long as before.</summary>
    private static bool IsShownTruly(IReadOnlyList<Slot> slots, PracticeTime zone)
    {
        var shown = slots.Select(slot => (Start: zone.ToLocal(slot.Start), End: zone.ToLocal(slot.End))).ToList();
        return shown.Select(slot => slot.Start).SequenceEqual(slots.Select(slot => slot.Start))
            && shown.Select(slot => slot.Start.ToString("yyyy-MM-dd HH:mm zzz")).Distinct().Count() == slots.Count
            && shown.Index().All(row => row.Item.End - row.Item.Start == slots[row.Index].End - slots[row.Index].Start);
    }

    private static IReadOnlyList<Slot> Published(DateTimeOffset start, int minutes, DateTimeOffset end)
    {
        var practice = PracticeId.New();
        var practitioner = new Practitioner { Id = PractitionerId.New(), PracticeId = practice, GivenName = "Amara", FamilyName = "Okafor" };
        var service = new HealthcareService { Id = HealthcareServiceId.New(), PracticeId = practice, Name = "GP consultation", Description = "Talk to a GP.", DurationMinutes = minutes, Channels = [DeliveryChannel.Video] };
        return Schedule.Publish(practitioner, service, start, end, London).Slots;
    }
}
