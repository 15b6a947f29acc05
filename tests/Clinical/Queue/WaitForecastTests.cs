using Telemedicine.Clinical.Queue;

namespace Telemedicine.Clinical.Tests.Queue;

public sealed class WaitForecastTests
{
    private static readonly DateTimeOffset Nine = new(2026, 6, 9, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);

    [Fact]
    public void Whoever_waits_further_back_is_told_more_and_who_is_first_that_nobody_is_before_them()
    {
        var clinic = At(Nine.AddMinutes(5), free: null, Here(0), Here(1), Here(2), Here(3));

        var told = WaitForecasts.Of(clinic with { ClinicianHere = true }, ClinicPast.None);

        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 4).Select(index => told[Id(index)].Before));
        Assert.True(told[Id(0)].High <= TimeSpan.FromMinutes(15), told[Id(0)].ToString());
        Assert.True(told[Id(0)].Median < told[Id(1)].Median && told[Id(1)].Median < told[Id(2)].Median && told[Id(2)].Median < told[Id(3)].Median);
        Assert.All(told.Values, one => Assert.True(one.Low < one.High && one.Low >= TimeSpan.Zero && one.Low.Ticks % TimeSpan.FromMinutes(5).Ticks == 0));
    }

    [Fact]
    public void The_same_clinic_gives_the_same_answer()
    {
        var clinic = At(Nine.AddMinutes(5), free: null, Here(0), Here(1), Expected(2), Here(3));

        Assert.Equal(WaitForecasts.Of(clinic, ClinicPast.None), WaitForecasts.Of(clinic, ClinicPast.None));
    }

    [Fact]
    public void A_slow_clinician_is_known_from_the_clinics_before()
    {
        var clinic = At(Nine.AddMinutes(5), free: null, Here(0), Here(1), Here(2)) with { ClinicianHere = true };
        var slow = ClinicPast.Of([.. Enumerable.Range(0, 4).Select(_ => (IReadOnlyList<Course>)[.. Enumerable.Range(0, 6).Select(index => new Course(
            Nine + (index * Quarter), Nine + (index * Quarter), Nine.AddMinutes(26 * index), Nine.AddMinutes(26 * index + 25)))])]);

        Assert.True(WaitForecasts.Of(clinic, slow)[Id(2)].Median > WaitForecasts.Of(clinic, ClinicPast.None)[Id(2)].Median + TimeSpan.FromMinutes(8));
    }

    [Fact]
    public void A_consultation_that_lasts_long_already_pushes_everyone_on()
    {
        var begun = At(Nine.AddMinutes(16), free: null, InCall(0, Nine.AddMinutes(14)), Here(1));
        var long_ = At(Nine.AddMinutes(45), free: null, InCall(0, Nine), Here(1));

        Assert.True(WaitForecasts.Of(long_, ClinicPast.None)[Id(1)].Median > TimeSpan.FromMinutes(3));
        Assert.True(WaitForecasts.Of(begun, ClinicPast.None)[Id(1)].Median > TimeSpan.FromMinutes(8));
    }

    [Fact]
    public void A_clinician_who_is_not_there_yet_keeps_everyone_waiting()
    {
        var there = At(Nine.AddMinutes(20), free: null, Here(0)) with { ClinicianHere = true };

        var late = WaitForecasts.Of(there with { ClinicianHere = false }, ClinicPast.None)[Id(0)];

        Assert.True(late.High > WaitForecasts.Of(there, ClinicPast.None)[Id(0)].High, late.ToString());
    }

    [Fact]
    public void Someone_who_comes_back_keeps_the_place_of_their_time()
    {
        // The one of 9am went away and came back at 9:20; whoever came in between is still after them.
        var clinic = At(Nine.AddMinutes(21), Nine.AddMinutes(20), Here(0, Nine.AddMinutes(20)), Here(1, Nine.AddMinutes(10)));

        Assert.Equal((0, 1), (clinic.Before(Id(0)), clinic.Before(Id(1))));
    }

    [Fact]
    public void Who_is_much_too_late_is_not_counted_as_before_the_others()
    {
        var clinic = At(Nine.AddMinutes(24), Nine.AddMinutes(20), Expected(0), Expected(1), Here(2));

        // The times of 9:00 and 9:15: the first has been given up, the second may still come.
        Assert.Equal(1, clinic.Before(Id(2)));
    }

    [Fact]
    public void The_next_patient_is_explained()
    {
        QueueEntry[] two = [Here(0), Here(1)];
        static HashSet<AppointmentId> Of(params int[] ids) => [.. ids.Select(Id)];

        Assert.Equal(new NextPatient(Id(0), NextReason.EarliestDue), NextPatient.Of(Nine.AddMinutes(20), two, Of(), Of()));
        Assert.Equal(new NextPatient(Id(1), NextReason.AskedForHelp), NextPatient.Of(Nine.AddMinutes(20), two, Of(1), Of()));
        Assert.Equal(new NextPatient(Id(1), NextReason.OnlyOne), NextPatient.Of(Nine.AddMinutes(20), two, Of(), Of(0)));
        Assert.Equal(new NextPatient(Id(0), NextReason.EarlyAndReady), NextPatient.Of(Nine.AddMinutes(-10), two, Of(), Of()));
        Assert.Null(NextPatient.Of(Nine, [Expected(0)], Of(), Of()));
        Assert.Null(NextPatient.Of(Nine, [InCall(0, Nine), Here(1)], Of(), Of()));
    }

    [Fact]
    public void The_past_counts_missed_early_and_late_without_a_consultation_that_nobody_finished()
    {
        var past = ClinicPast.Of(
        [
            [
                new Course(Nine, Nine.AddMinutes(-3), Nine.AddMinutes(4), Nine.AddMinutes(14)),
                new Course(Nine.AddMinutes(15), null, null, null),
                new Course(Nine.AddMinutes(30), Nine.AddMinutes(12), Nine.AddMinutes(16), Nine.AddMinutes(26)),
                new Course(Nine.AddMinutes(45), Nine.AddMinutes(50), Nine.AddMinutes(51), Nine.AddHours(9)),
            ],
        ]);

        Assert.Equal([10, 10], past.Lengths);
        Assert.Equal([4], past.Beginnings);
        Assert.Equal([-3, -18, 5], past.Arrivals);
        Assert.Equal((1 + 1) / (12 + 4.0), past.Missed, 5);
        Assert.Equal((1 + 1) / (2 + 1.0), past.Early, 5);
    }

    private static ClinicNow At(DateTimeOffset now, DateTimeOffset? free, params QueueEntry[] entries) => new(now, Nine, Quarter, free is not null, free, entries, []);

    private static QueueEntry Here(int index, DateTimeOffset? since = null) => new(Id(index), Nine + (index * Quarter), QueueState.Here, since ?? Nine.AddMinutes(-5));

    private static QueueEntry Expected(int index) => new(Id(index), Nine + (index * Quarter), QueueState.Expected, null);

    private static QueueEntry InCall(int index, DateTimeOffset since) => new(Id(index), Nine + (index * Quarter), QueueState.InCall, since);

    private static AppointmentId Id(int index) => SimulatedClinic.Id(index);
}
