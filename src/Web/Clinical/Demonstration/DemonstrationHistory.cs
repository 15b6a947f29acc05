using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Demonstration;

/// <summary>Appointments for new demonstration clinics: past ones that were held, missed or cancelled, and some to come.</summary>
/// <param name="patients">In a fixed order.</param>
/// <param name="appointments">Those that there are, so that nobody is booked into two at once.</param>
internal sealed class DemonstrationHistory(
    ClinicalDbContext db, IReadOnlyList<PatientId> patients, List<Appointment> appointments, DateTimeOffset now, DateOnly today)
{
    /// <summary>So many of the first patients have nothing today, so that they can try "now" without two appointments at once.</summary>
    private const int KeptFreeToday = 5;

    private static readonly string[] Notes =
    [
        "Cough for two weeks, no fever, breathing well. Looked well on video. Advice given; to call again if not better in two weeks.",
        "Review of current medicines. No side effects. Blood pressure readings from home are in range. Continue as before.",
        "Lower back pain after lifting, no red flags. Exercises shown and practised together. Review in four weeks.",
        "Talked about sleep and worry. Agreed small steps for the next weeks and where to find support.",
    ];

    private static readonly string?[] Reasons =
    [
        "A cough that will not go away",
        "Review of my medicines",
        null,
        "My back hurts when I stand up",
        "I do not sleep well",
    ];

    private int _turn;

    public void Fill(DateOnly day, bool morning, IReadOnlyList<Slot> slots)
    {
        int[] places = day < today ? [0, 2, 3] : day == today ? [1, 3, 4] : morning == (day.DayNumber % 2 == 0) ? [2] : [];
        foreach (var place in places.Where(place => place < slots.Count))
            Fill(day, slots[place]);
    }

    private void Fill(DateOnly day, Slot slot)
    {
        _turn++;
        if (NextPatient(day, slot) is not { } patient)
            return;
        var bookedAt = (slot.Start < now ? slot.Start : now) - TimeSpan.FromDays(3);
        slot.Sell(patient, bookedAt);
        var appointment = Appointment.Book(slot, patient, DeliveryChannel.Video, AppointmentReference.New(), Reasons[_turn % Reasons.Length], bookedAt);
        db.Appointments.Add(appointment);
        appointments.Add(appointment);
        if (slot.End > now)
            return;
        switch (_turn % 6)
        {
            case 2:
                // The clinician had the clinic open: nobody is marked without that.
                db.ClinicSightings.Add(new ClinicSighting
                {
                    Id = Guid.CreateVersion7(),
                    PracticeId = appointment.PracticeId,
                    ScheduleId = appointment.ScheduleId,
                    From = appointment.Start - TimeSpan.FromMinutes(2),
                    To = appointment.Start + TimeSpan.FromMinutes(9),
                });
                appointment.MarkDidNotAttend();
                break;
            case 5:
                appointment.Cancel("Feeling better", slot.Start - TimeSpan.FromHours(20));
                slot.Free();
                break;
            default:
                Hold(appointment);
                break;
        }
    }

    /// <summary>The consultation took place.</summary>
    private void Hold(Appointment appointment)
    {
        var (arrived, admitted, ended) = (appointment.Start - TimeSpan.FromMinutes(6), appointment.Start + TimeSpan.FromMinutes(2), appointment.End - TimeSpan.FromMinutes(1));
        appointment.Arrive(arrived);
        appointment.CheckIn();
        appointment.Fulfil();
        var encounter = Encounter.Plan(appointment, arrived);
        encounter.Arrive(arrived);
        encounter.Admit(admitted);
        encounter.Finish(ended);
        encounter.Show(new ConsultationTimeline(arrived, null, null, admitted, ended,
        [
            new PresencePeriod(appointment.PractitionerId.Value, ConsultationRole.Clinician, arrived + TimeSpan.FromMinutes(3), ended),
            new PresencePeriod(appointment.PatientId.Value, ConsultationRole.Patient, admitted, ended),
        ]));
        var note = EncounterNote.Draft(encounter, appointment.PractitionerId);
        note.Write(new NoteDraft(Notes[_turn % Notes.Length], 0), ended);
        note.Sign(ended);
        db.Encounters.Add(encounter);
        db.EncounterNotes.Add(note);
    }

    private PatientId? NextPatient(DateOnly day, Slot slot)
    {
        var first = day == today ? KeptFreeToday : 0;
        for (var offset = 0; offset < patients.Count - first; offset++)
        {
            var patient = patients[first + (_turn + offset) % (patients.Count - first)];
            if (!appointments.Exists(other => other.PatientId == patient && other.Start < slot.End && other.End > slot.Start))
                return patient;
        }

        return null;
    }
}
