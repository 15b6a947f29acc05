using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

/// <summary>The state tables against the words of the architecture, for every pair of states, and the entities' methods against the tables.</summary>
public sealed class StateTableTests
{
    private static readonly DateTimeOffset Now = TestClinic.Morning;

    private static readonly (string From, string To)[] Appointments =
    [
        ("Proposed", "Pending Booked Waitlist Cancelled EnteredInError"),
        ("Waitlist", "Pending Booked Cancelled EnteredInError"),
        ("Pending", "Booked Waitlist Cancelled EnteredInError"),
        ("Booked", "Arrived Cancelled NoShow EnteredInError"),
        ("Arrived", "CheckedIn Fulfilled Cancelled Booked EnteredInError"),
        ("CheckedIn", "Fulfilled Cancelled EnteredInError"),
        ("NoShow", "Booked EnteredInError"),
        ("Fulfilled", "EnteredInError"),
        ("Cancelled", "EnteredInError"),
        ("EnteredInError", ""),
    ];

    private static readonly (string From, string To)[] Encounters =
    [
        ("Planned", "Arrived Cancelled EnteredInError"),
        ("Arrived", "Triaged InProgress Cancelled EnteredInError"),
        ("Triaged", "InProgress Cancelled EnteredInError"),
        ("InProgress", "OnLeave Finished EnteredInError"),
        ("OnLeave", "InProgress EnteredInError"),
        ("Finished", "EnteredInError"),
        ("Cancelled", "EnteredInError"),
        ("EnteredInError", ""),
    ];

    private static readonly (string From, string To)[] Slots =
    [
        ("Free", "BusyTentative BusyUnavailable"),
        ("BusyTentative", "Busy Free"),
        ("Busy", "Free"),
        ("BusyUnavailable", "Free"),
    ];

    [Fact]
    public void An_appointment_allows_exactly_the_transitions_of_the_architecture() => Same(Appointments, AppointmentStates.Table);

    [Fact]
    public void An_encounter_allows_exactly_the_transitions_of_the_architecture() => Same(Encounters, EncounterStates.Table);

    [Fact]
    public void A_slot_allows_exactly_the_transitions_of_the_architecture() => Same(Slots, SlotStates.Table);

    [Fact]
    public void Every_method_of_an_appointment_obeys_the_table()
    {
        Dictionary<AppointmentStatus, Action<Appointment>> methods = new()
        {
            [AppointmentStatus.Arrived] = row => row.Arrive(Now),
            [AppointmentStatus.Booked] = row => row.LeaveAgain(),
            [AppointmentStatus.CheckedIn] = row => row.CheckIn(),
            [AppointmentStatus.Fulfilled] = row => row.Fulfil(),
            [AppointmentStatus.Cancelled] = row => row.Cancel("Feeling better", Now),
            [AppointmentStatus.NoShow] = row => row.MarkDidNotAttend(),
            [AppointmentStatus.EnteredInError] = row => row.EnterInError(),
        };
        Dictionary<AppointmentStatus, AppointmentStatus[]> paths = new()
        {
            [AppointmentStatus.Booked] = [],
            [AppointmentStatus.Arrived] = [AppointmentStatus.Arrived],
            [AppointmentStatus.CheckedIn] = [AppointmentStatus.Arrived, AppointmentStatus.CheckedIn],
            [AppointmentStatus.Fulfilled] = [AppointmentStatus.Arrived, AppointmentStatus.CheckedIn, AppointmentStatus.Fulfilled],
            [AppointmentStatus.Cancelled] = [AppointmentStatus.Cancelled],
            [AppointmentStatus.NoShow] = [AppointmentStatus.NoShow],
            [AppointmentStatus.EnteredInError] = [AppointmentStatus.EnteredInError],
        };

        Obeys(paths, methods, NewAppointment, row => row.Status, (from, to) =>
            AppointmentStates.Table.Allows(from, to) || (from, to) == (AppointmentStatus.Arrived, AppointmentStatus.Arrived));
    }

    [Fact]
    public void Every_method_of_an_encounter_obeys_the_table()
    {
        Dictionary<EncounterStatus, Action<Encounter>> methods = new()
        {
            [EncounterStatus.Arrived] = row => row.Arrive(Now),
            [EncounterStatus.Triaged] = row => row.Triage(Now),
            [EncounterStatus.InProgress] = row => row.Admit(Now),
            [EncounterStatus.OnLeave] = row => row.PutOnLeave(Now),
            [EncounterStatus.Finished] = row => row.Finish(Now),
            [EncounterStatus.Cancelled] = row => row.Cancel(Now),
            [EncounterStatus.EnteredInError] = row => row.EnterInError(Now),
        };
        Dictionary<EncounterStatus, EncounterStatus[]> paths = new()
        {
            [EncounterStatus.Planned] = [],
            [EncounterStatus.Arrived] = [EncounterStatus.Arrived],
            [EncounterStatus.Triaged] = [EncounterStatus.Arrived, EncounterStatus.Triaged],
            [EncounterStatus.InProgress] = [EncounterStatus.Arrived, EncounterStatus.InProgress],
            [EncounterStatus.OnLeave] = [EncounterStatus.Arrived, EncounterStatus.InProgress, EncounterStatus.OnLeave],
            [EncounterStatus.Finished] = [EncounterStatus.Arrived, EncounterStatus.InProgress, EncounterStatus.Finished],
            [EncounterStatus.Cancelled] = [EncounterStatus.Cancelled],
            [EncounterStatus.EnteredInError] = [EncounterStatus.EnteredInError],
        };

        Obeys(paths, methods, () => Encounter.Plan(NewAppointment(), Now), row => row.Status, EncounterStates.Table.Allows);
    }

    [Fact]
    public void Every_method_of_a_slot_obeys_the_table()
    {
        var patient = PatientId.New();
        Dictionary<SlotStatus, Action<Slot>> methods = new()
        {
            [SlotStatus.Free] = row => row.Free(),
            [SlotStatus.BusyTentative] = row => row.Hold(PatientId.New(), Now),
            [SlotStatus.Busy] = row => row.Sell(patient, Now),
            [SlotStatus.BusyUnavailable] = row => row.Block(Now),
        };
        Dictionary<SlotStatus, Action<Slot>[]> paths = new()
        {
            [SlotStatus.Free] = [],
            [SlotStatus.BusyTentative] = [row => row.Hold(patient, Now)],
            [SlotStatus.Busy] = [row => row.Sell(patient, Now)],
            [SlotStatus.BusyUnavailable] = [row => row.Block(Now)],
        };

        foreach (var (from, path) in paths)
        {
            foreach (var (to, method) in methods)
            {
                var slot = NewSlot();
                Array.ForEach(path, step => step(slot));
                // Selling a free slot holds it on the way.
                Try(() => method(slot), SlotStates.Table.Allows(from, to) || (from, to) == (SlotStatus.Free, SlotStatus.Busy), $"{from} to {to}");
            }
        }
    }

    [Fact]
    public void An_encounter_keeps_every_status_it_has_had()
    {
        var encounter = Encounter.Plan(NewAppointment(), Now);

        encounter.Arrive(Now.AddMinutes(1));
        encounter.Admit(Now.AddMinutes(2));
        encounter.PutOnLeave(Now.AddMinutes(3));
        encounter.ComeBack(Now.AddMinutes(4));
        encounter.Finish(Now.AddMinutes(5));

        Assert.Equal(
            [EncounterStatus.Planned, EncounterStatus.Arrived, EncounterStatus.InProgress, EncounterStatus.OnLeave, EncounterStatus.InProgress, EncounterStatus.Finished],
            encounter.History.Select(change => change.Status));
        Assert.Equal(Enumerable.Range(0, 6).Select(minute => Now.AddMinutes(minute)), encounter.History.Select(change => change.At));
        Assert.Equal((Now.AddMinutes(2), Now.AddMinutes(5)), (encounter.Start, encounter.End));
    }

    [Fact]
    public void A_return_and_a_correction_start_from_their_own_state_only()
    {
        var encounter = Encounter.Plan(NewAppointment(), Now);
        encounter.Arrive(Now);
        var appointment = NewAppointment();
        appointment.Arrive(Now);

        Assert.Throws<IllegalTransitionException>(() => encounter.ComeBack(Now));
        Assert.Throws<IllegalTransitionException>(appointment.CorrectDidNotAttend);
    }

    [Fact]
    public void A_video_appointment_has_a_room_and_no_other_has()
    {
        var slot = NewSlot();
        var video = Appointment.Book(slot, PatientId.New(), DeliveryChannel.Video, "AAAA-2222", null, Now);
        var telephone = Appointment.Book(slot, PatientId.New(), DeliveryChannel.Telephone, "AAAA-2223", null, Now);

        Assert.Equal(new Room(slot.ScheduleId, video.Id), video.Room);
        Assert.Null(telephone.Room);
    }

    private static void Same<TState>((string From, string To)[] words, StateTable<TState> table)
        where TState : struct, Enum
    {
        Assert.Equal(Enum.GetNames<TState>().Order(), words.Select(row => row.From).Order());
        foreach (var (from, allowed) in words)
        {
            foreach (var to in Enum.GetValues<TState>())
            {
                var expected = allowed.Split(' ').Contains(to.ToString());
                Assert.True(expected == table.Allows(Enum.Parse<TState>(from), to), $"{from} to {to} should be {(expected ? "allowed" : "refused")}");
            }
        }
    }

    private static void Obeys<TState, TEntity>(
        Dictionary<TState, TState[]> paths, Dictionary<TState, Action<TEntity>> methods, Func<TEntity> create, Func<TEntity, TState> status, Func<TState, TState, bool> allowed)
        where TState : struct, Enum
    {
        foreach (var (from, path) in paths)
        {
            foreach (var (to, method) in methods)
            {
                var entity = create();
                Array.ForEach(path, step => methods[step](entity));
                Assert.Equal(from, status(entity));
                Try(() => method(entity), allowed(from, to), $"{from} to {to}");
                Assert.Equal(allowed(from, to) ? to : from, status(entity));
            }
        }
    }

    private static void Try(Action transition, bool allowed, string what)
    {
        var error = Record.Exception(transition);
        Assert.True(allowed == error is null && error is null or IllegalTransitionException, $"{what} should be {(allowed ? "allowed" : "refused")}, but: {error?.Message ?? "allowed"}");
    }

    private static Appointment NewAppointment() => Appointment.Book(NewSlot(), PatientId.New(), DeliveryChannel.Video, "AAAA-2222", null, Now);

    private static Slot NewSlot() => new()
    {
        Id = SlotId.New(),
        PracticeId = PracticeId.New(),
        ScheduleId = ScheduleId.New(),
        ServiceId = HealthcareServiceId.New(),
        PractitionerId = PractitionerId.New(),
        Day = new DateOnly(2026, 6, 9),
        Start = Now.AddHours(1),
        End = Now.AddHours(1.25),
    };
}
